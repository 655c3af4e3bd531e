"""Names that pages asked for and nobody configured, as they are remembered for editors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MissingName(models.Model):
    """A block or call to action that a page asked for in vain. Holds nothing about who looked at the page."""

    kind = models.CharField(_("kind"), max_length=10)
    key = models.CharField(_("Name in templates"), max_length=80)
    page = models.CharField(_("page"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked for last"))

    class Meta:
        verbose_name = _("name that pages asked for")
        verbose_name_plural = _("names that pages asked for")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="attune_content_one_missing_name"),)

    def __str__(self) -> str:
        return self.key
