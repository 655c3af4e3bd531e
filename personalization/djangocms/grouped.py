"""The abstract model of what can be in a group of blocks, of which only one shows something."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grouped(models.Model):
    """What a version of a page says about its block's place; so a draft's place counts once it is published."""

    group: models.ForeignKey[Any, Any] = models.ForeignKey(
        "attune_content.BlockGroup",
        on_delete=models.SET_NULL,
        related_name="blocks_in_pages",
        null=True,
        blank=True,
        verbose_name=_("Only one of this group"),
        help_text=_("Of its blocks on a page only the first shows something that has a variant for the visitor."),
    )
    group_order = models.PositiveIntegerField(
        _("its number in the group"),
        null=True,
        blank=True,
        help_text=_("Lower numbers come first. Left empty: after those that have one."),
    )

    class Meta:
        abstract = True
