"""How the engagement score is made: one row, set in the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.scoring.engagement import DEFAULT_HALF_LIFE, DEFAULT_WEIGHTS, Scoring

LONGEST_HALF_LIFE: Final = 3650
"""In days. Nobody's behavior is kept for longer."""


def default_weights() -> dict[str, float]:
    """What counts as long as nobody has said so."""
    return dict(DEFAULT_WEIGHTS)


class EngagementScore(models.Model):
    """The one row of settings: what counts, how much, and after how long it counts half. Without it: the defaults."""

    ONLY: Final = 1

    half_life_days = models.PositiveSmallIntegerField(
        _("old behavior counts less after (days)"),
        default=DEFAULT_HALF_LIFE.days,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HALF_LIFE)],
        help_text=_(
            "After so many days, what somebody did counts half; after twice as many, a quarter; and so on. "
            "There is one such time for the whole score."
        ),
    )
    weights = models.JSONField(_("what counts, and how much"), default=default_weights, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("engagement score")
        verbose_name_plural = _("engagement score")
        default_permissions = ("change", "view")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save as the one row."""
        self.pk = self.ONLY
        super().save(*args, **kwargs)

    @property
    def scoring(self) -> Scoring:
        """What is computed with."""
        return Scoring(
            {name: float(weight) for name, weight in self.weights.items()}, timedelta(days=self.half_life_days)
        )
