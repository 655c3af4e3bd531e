"""Segments: the kinds of visitors that editors describe by a rule."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.segments.fields import RuleField


def everybody() -> dict[str, list[object]]:
    """The rule that holds for all, which a new segment starts from."""
    return {"all": []}


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Active")
    ARCHIVED = "archived", _("Archived")


class Segment(models.Model):
    """One kind of visitors. Its name in templates (`slug`) never changes: rules, blocks and templates say it."""

    slug = models.CharField(
        _("name in templates"),
        max_length=80,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*\Z", _("Lower-case letters, digits and single dashes only."))
        ],
        help_text=_("Lower-case letters, digits and dashes. It stays as it is once saved."),
    )
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("what it is for"), blank=True)
    rule = RuleField(_("rule"), default=everybody)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    size = models.PositiveIntegerField(_("people"), null=True, editable=False)
    size_at = models.DateTimeField(_("counted"), null=True, editable=False)
    # Since when nobody is in it, of a segment that had people; null: somebody is, or nobody ever was.
    emptied_at = models.DateTimeField(_("fell to zero"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ("name",)
        permissions = (("recompute_segment", _("Can update the segments of all visitors now")),)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save.

        Raises:
            ValueError: the name in templates changed; everything that names the segment says the old one.
        """
        if self.pk is not None and not self._state.adding:
            stored = type(self)._default_manager.filter(pk=self.pk).values_list("slug", flat=True).first()
            if stored is not None and stored != self.slug:
                raise ValueError(f"The segment “{stored}” keeps its name in templates; make a new segment instead.")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Hold what no single field can: the lasting name, no circles, and protection while in use."""
        from personalization.segments.validation import mistakes_of  # it reads segments: these models

        super().clean()
        if mistakes := mistakes_of(self):
            raise ValidationError(mistakes)


class Recomputation(models.Model):
    """One application of the rules to everybody: how many parts it was split into, and how many are done."""

    started_at = models.DateTimeField()
    parts = models.PositiveIntegerField(null=True)
    parts_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("update of all segments")
        verbose_name_plural = _("updates of all segments")

    def __str__(self) -> str:
        return f"{self.parts_done} of {self.parts or '?'} parts"
