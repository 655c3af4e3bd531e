"""One import of history: which file under which mapping, on what basis, moved by how much, and how far it has come."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """A file brought in under a mapping.

    The contents of the two are its identity, so a second run of the same pair finds this row, moves the history by the
    same ``shift``, goes on after ``position`` when the first was interrupted, and adds nothing when it was not.
    """

    name = models.CharField(_("name"), max_length=200, help_text=_("The file's name."))
    source = models.CharField(_("source"), max_length=200, help_text=_("Where the data comes from."))
    file_digest = models.CharField(_("file digest"), max_length=64, editable=False)
    mapping_digest = models.CharField(_("mapping digest"), max_length=64, editable=False)
    basis = models.TextField(_("basis"), help_text=_("Why this data may be used for these purposes."))
    purposes = models.PositiveSmallIntegerField(_("purposes"))
    shift_microseconds = models.BigIntegerField(_("shift in microseconds"))
    last_event_at = models.DateTimeField(_("last event at"), help_text=_("As the file says, before the move."))
    rows = models.PositiveBigIntegerField(_("rows in the file"))
    position = models.PositiveBigIntegerField(_("rows done"), default=0)
    counts = models.JSONField(_("report"), default=dict)
    problems = models.JSONField(_("first rows that could not be read"), default=list)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    undo_began_at = models.DateTimeField(_("undo began"), null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-started_at",)
        permissions = (("undo_import", _("Can undo an import")),)
        constraints = (
            models.UniqueConstraint(fields=("file_digest", "mapping_digest"), name="one_import_per_file_and_mapping"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shift(self) -> timedelta:
        """How far the history was moved: what to add to a time in the file."""
        return timedelta(microseconds=self.shift_microseconds)
