"""What is known now: the published configuration's version, who is due, verdict rows and traits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Configuration(models.Model):
    """One row: the number of what editors published last. Every save or deletion of theirs moves it."""

    version = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("published configuration")
        verbose_name_plural = _("published configuration")

    def __str__(self) -> str:
        return f"version {self.version}"


class Profile(models.Model):
    """One visitor who may be judged: when the next judging is due, and what the last one saw.

    There is no foreign key to the visitor: a profile is derived, and erasing must never wait for a constraint.
    """

    visitor_id = models.UUIDField(primary_key=True)
    # The earliest instant at which a stored verdict may be wrong; null: nothing changes by time alone.
    due_at = models.DateTimeField(null=True)
    # Moves with every change of what is judged (events, traits); a verdict is stored only if it has not moved.
    revision = models.BigIntegerField(default=0)
    # The rules that the stored verdicts come from (segments.published.Published.rules_version); 0: never judged.
    judged_version = models.BigIntegerField(default=0)
    # Until when a worker has taken this visitor for itself.
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = (models.Index(fields=["due_at"], name="attune_profile_due"),)

    def __str__(self) -> str:
        return str(self.visitor_id)


class Verdict(models.Model):
    """One stored answer. A judged profile without a row: it does not match and never will by time alone."""

    visitor_id = models.UUIDField()
    # A segment's slug, or what another source calls its rule ("variant:<uuid>").
    key = models.CharField(max_length=100)
    matches = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = (models.UniqueConstraint(fields=["visitor_id", "key"], name="attune_verdict_once"),)
        indexes = (models.Index(fields=["key", "matches"], name="attune_verdict_members"),)

    def __str__(self) -> str:
        return f"{self.key}: {'yes' if self.matches else 'no'}"


class Trait(models.Model):
    """One thing known about a visitor: a number, a text or a truth; a number may fade with time."""

    visitor_id = models.UUIDField()
    name = models.CharField(max_length=100)
    value = models.JSONField()
    # Both or none: the value halves with every half-life that has passed since `at`.
    half_life = models.DurationField(null=True)
    at = models.DateTimeField(null=True)
    source = models.CharField(max_length=100)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("known about the visitor")
        verbose_name_plural = _("known about the visitor")
        constraints = (models.UniqueConstraint(fields=["visitor_id", "name"], name="attune_trait_once"),)

    def __str__(self) -> str:
        return self.name
