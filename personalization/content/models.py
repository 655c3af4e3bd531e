"""What editors configure: blocks with their variants and groups, campaigns, and the pause of everything."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.registry import kind_of
from personalization.content.calls import CallToAction as CallToAction  # Django finds it here
from personalization.content.calls import CallToActionOverride as CallToActionOverride
from personalization.content.calls import validate_link as validate_link  # migrations name it so
from personalization.content.codes.stocks import CodeStock as CodeStock  # Django finds it here
from personalization.content.codes.stocks import OfferCode as OfferCode
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.failing import Failing
from personalization.content.failing import FailingElsewhere as FailingElsewhere  # likewise
from personalization.content.failing import PausedElsewhere as PausedElsewhere
from personalization.content.fields import RichTextField
from personalization.content.finding.missing import MissingName as MissingName  # Django finds it here
from personalization.content.keys import validate_key
from personalization.content.mixins import (
    Aimed,
    Bodied,
    Bounded,
    Capped,
    Offered,
    Picking,
    Resting,
    Scheduled,
    in_campaign,
    with_codes,
    with_picture,
)
from personalization.content.overall import OverallLimit as OverallLimit  # likewise
from personalization.content.pictures.models import Picture as Picture
from personalization.content.showing import MOST_ROOM as MOST_ROOM
from personalization.content.showing import Shown
from personalization.content.trials import OnTrial


class Campaign(Capped, Scheduled, OnTrial):
    """Blocks and variants that start, end and are paused together."""

    class Status(models.TextChoices):
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused: nothing of it is shown")

    name = models.CharField(_("name"), max_length=200, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.LIVE)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = (Lower("name"), "id")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Hold together what belongs together."""
        if mistakes := self.schedule_mistakes():
            raise ValidationError(mistakes)

    @property
    def published(self) -> PublishedCampaign:
        """The campaign as decisions ask it."""
        return PublishedCampaign(self.name, self.status == self.Status.LIVE, self.schedule, self.team_only)


class PausedEverything(models.Model):
    """While its row is there, all blocks and calls to action are as if they had no variants and no exceptions."""

    since = models.DateTimeField(_("since"), auto_now_add=True)
    by = models.CharField(_("by"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("pause of everything")
        verbose_name_plural = _("pauses of everything")
        default_permissions = ()
        permissions = (("pause_everything", _("Can pause all blocks and calls to action")),)

    def __str__(self) -> str:
        return gettext("Everything")


class Block(Bounded, Picking, Shown, OnTrial):
    """A place in a template whose content depends on who looks."""

    class Status(models.TextChoices):
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused: everyone sees the same")

    key = models.CharField(
        _("Name in templates"),
        max_length=80,
        unique=True,
        validators=[validate_key],
        help_text=_("Your developer puts this name where the block goes. It cannot be changed later."),
    )
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.LIVE)
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="blocks",
        null=True,
        blank=True,
        verbose_name=_("campaign"),
        help_text=_("All variants are shown only while it runs."),
    )
    default = RichTextField(
        _("Everyone else sees"),
        blank=True,
        default="",
        help_text=_("Left empty, they see what the page's template says."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        permissions = (
            ("share_previews", _("Can make links to previews that work without an account")),
            ("publish_block", _("Can publish what visitors see")),
        )
        ordering = (Lower("name"), "id")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Hold together what belongs together."""
        super().clean()
        if "{{" in self.default:
            message = _("What everyone else sees is the same for all. Put the personal field into a variant.")
            raise ValidationError({"default": ValidationError(message, code="fields")})


class BlockGroup(models.Model):
    """Blocks of which only one shows something: the first in order that has a variant for the visitor."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("group of blocks")
        verbose_name_plural = _("groups: one of several blocks")
        ordering = (Lower("name"), "id")

    def __str__(self) -> str:
        return self.name


class BlockGroupPlace(models.Model):
    """A block's place in its group."""

    group = models.ForeignKey(BlockGroup, on_delete=models.CASCADE, related_name="places", verbose_name=_("group"))
    block = models.OneToOneField(
        Block,
        on_delete=models.CASCADE,
        related_name="place",
        verbose_name=_("block"),
        error_messages={"unique": _("This block is in a group already.")},
    )
    order = models.PositiveIntegerField(_("order"), default=0, help_text=_("Lower numbers come first."))

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("only the first of these blocks that has a variant for the visitor shows it")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return str(self.block)


class Variant(Aimed, Bodied, Capped, Resting, Scheduled, Offered, Failing):
    """One thing that a block can show, to whom, and when."""

    class BodyKind(models.TextChoices):
        RICH_TEXT = "rich_text", _("Text")
        TEMPLATE = "template", _("A ready-made layout")
        CTA = "cta", _("A call to action")
        ITEMS = "items", _("A list of items")
        IMAGE = "image", _("A picture")
        OFFER = "offer", _("An offer")

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="variants", verbose_name=_("block"))
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("The first that fits the visitor is shown; lower numbers come first.")
    )
    enabled = models.BooleanField(_("switched on"), default=True)
    body_kind = models.CharField(
        _("What they see"), max_length=10, choices=BodyKind.choices, default=BodyKind.RICH_TEXT
    )
    template_name = models.CharField(_("layout"), max_length=200, blank=True, default="")
    cta = models.ForeignKey(
        "CallToAction",
        on_delete=models.PROTECT,
        related_name="variants",
        null=True,
        blank=True,
        verbose_name=_("call to action"),
    )
    picture = with_picture("variants")
    code_stock = with_codes(
        "variants",
        help_text=_(
            "Each visitor gets one code, once, by a click. Shown only to those who agreed to personalization, as it is "
            "noted who has which; when none is left, the next variant is shown."
        ),
    )
    campaign = in_campaign("variants")

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Hold together what belongs together."""
        mistakes = self.schedule_mistakes() | self.rest_mistakes() | self.aim_mistakes()
        mistakes |= kind_of(self).mistakes(self)
        if mistakes:
            raise ValidationError(mistakes)

    @property
    def is_on_trial(self) -> bool:
        """Whether only the team sees it: by itself, or with its block or a campaign."""
        campaigns = (self.campaign, self.block.campaign)
        return self.team_only or self.block.team_only or any(one is not None and one.team_only for one in campaigns)

    @property
    def campaigns_published(self) -> list[PublishedCampaign]:
        """Its block's campaign and its own, each once, as decisions ask them."""
        campaigns = dict.fromkeys((self.block.campaign, self.campaign))
        return [one.published for one in campaigns if one is not None]

    def is_open(self, now: datetime) -> bool:
        """Say whether its own schedule, its campaign and its block's let it be shown."""
        return self.schedule.is_open(now) and all(one.is_running(now) for one in self.campaigns_published)

    @property
    def scheduled(self) -> list[Scheduled]:
        """What says until when it is shown: itself, its campaign and its block's."""
        return [self, *(one for one in (self.campaign, self.block.campaign) if one is not None)]
