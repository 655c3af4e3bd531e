"""When a block comes onto its page: what all blocks are asked about it, wherever they are kept."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.content.deciding.blocks import USUAL_AFTER, Occasion, Showing

MOST_ROOM: Final = 1_000
"""Pixels that can be kept free; `blocks.css` has a class for each step up to here."""


class Show(models.TextChoices):
    """When a block comes onto its page; `deciding.Showing` says the same."""

    IN_PLACE = Showing.IN_PLACE.value, _("In place")
    DEFERRED = Showing.DEFERRED.value, _("Right after the page")
    REVEALED = Showing.REVEALED.value, _("When they scroll, wait or leave")


class RevealOn(models.TextChoices):
    """What brings a block into view that is not there from the start; `deciding.Occasion` says the same."""

    SCROLL = Occasion.SCROLL.value, _("they have scrolled so many percent of the page")
    DWELL = Occasion.DWELL.value, _("they have been on the page for so many seconds")
    IDLE = Occasion.IDLE.value, _("they have done nothing for so many seconds")
    EXIT = Occasion.EXIT.value, _("their mouse leaves the page at its top")


class Shown(models.Model):
    """What is shown in place, right after its page, or later."""

    show = models.CharField(
        _("When it is shown"),
        max_length=10,
        choices=Show.choices,
        default=Show.IN_PLACE,
        help_text=_(
            "“Right after the page” keeps pages fast behind any cache: they come with what everyone else sees, and a "
            "small script then puts in what this visitor sees. For a moment, everyone sees what everyone else sees."
        ),
    )
    room = models.PositiveSmallIntegerField(
        _("Room kept free, in pixels"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_ROOM)],
        help_text=_(
            "About as high as what is shown: then nothing on the page jumps when it comes after the page. "
            "Left empty, what everyone else sees keeps its room until it is out of view."
        ),
    )
    reveal_on = models.CharField(
        _("It appears when"),
        max_length=10,
        choices=RevealOn.choices,
        default=RevealOn.SCROLL,
        help_text=_("On each page one such block appears, and can be closed."),
    )
    reveal_after = models.PositiveSmallIntegerField(
        _("so many percent, or seconds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3_600)],
        help_text=_("Left empty: 50 percent, 30 seconds on the page, 60 seconds without doing anything."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Hold together what belongs together."""
        super().clean()
        if self.reveal_on == RevealOn.SCROLL and (self.reveal_after or 0) > 100:
            raise ValidationError(
                {"reveal_after": ValidationError(_("No page has more than 100 percent."), code="max")}
            )

    @property
    def usual_reveal_after(self) -> int:
        """Percent scrolled, or seconds, as said or as usual."""
        return self.reveal_after or USUAL_AFTER[Occasion(self.reveal_on)]
