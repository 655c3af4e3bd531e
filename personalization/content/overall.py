"""Limits over everything: how much a visitor sees of all that is shown instead of what everyone else sees."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.content.mixins import Within


class OverallLimit(models.Model):
    """So much in such a time, all blocks together but those that are left out."""

    times = models.PositiveSmallIntegerField(_("How often at most"), validators=[MinValueValidator(1)])
    within = models.CharField(
        _("counted"),
        max_length=10,
        choices=Within.choices,
        unique=True,
        error_messages={"unique": _("There is a limit for this time already: change that one.")},
    )

    class Meta:
        verbose_name = _("limit over everything")
        verbose_name_plural = _("limits over everything")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.times} {self.get_within_display()}"
