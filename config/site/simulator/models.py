"""Which visitors were simulated, as whom the shop knows them, and what became of what they sent."""

from __future__ import annotations

from django.db import models


class SimulatedRun(models.Model):
    """A population of simulated visitors: seed and end make them what they are."""

    seed = models.PositiveBigIntegerField()
    live = models.BooleanField(default=False)  # acting now, on real pages; else a history that ends at `until`
    until = models.DateTimeField()
    visitors = models.PositiveIntegerField(default=0)  # how many there are to be

    class Meta:
        verbose_name = "simulated visitors"
        verbose_name_plural = "simulated visitors"
        constraints = (
            models.UniqueConstraint(
                fields=("seed",), condition=models.Q(live=False), name="demo_simulator_one_history_per_seed"
            ),
        )

    def __str__(self) -> str:
        return f"{'traffic' if self.live else 'history'} of seed {self.seed}"


class SimulatedVisitor(models.Model):
    """One of them. The row is there before the first event, so that nobody simulated is taken for a real visitor.

    It also lets a run that was cut off go on: who has `finished_at` is done; others take up their cookies again.
    """

    run = models.ForeignKey(SimulatedRun, models.CASCADE, related_name="people")
    number = models.PositiveIntegerField()
    intent = models.CharField(max_length=20)
    visitor_id = models.UUIDField(null=True, db_index=True)  # what the server gave; none for bots and who refused
    cookies = models.JSONField(default=dict)
    sent = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=dict)  # reason → how many
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="demo_simulator_each_visitor_once"),)

    def __str__(self) -> str:
        return f"{self.intent} {self.number}"
