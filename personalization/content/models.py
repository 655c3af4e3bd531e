"""What editors configure: blocks with their variants, and calls to action with their overrides."""

import uuid
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.registry import kind_of
from personalization.content.code_stocks import CodeStock as CodeStock  # Django finds it here
from personalization.content.code_stocks import OfferCode as OfferCode
from personalization.content.deciding import PublishedCampaign
from personalization.content.failing import Failing
from personalization.content.failing import FailingElsewhere as FailingElsewhere  # likewise
from personalization.content.failing import PausedElsewhere as PausedElsewhere
from personalization.content.fields import RichTextField
from personalization.content.languages import language_names, site_languages, validate_languages
from personalization.content.missing import MissingName as MissingName  # Django finds it here
from personalization.content.mixins import Aimed, Capped, Offered, Picking, Resting, Scheduled, in_campaign
from personalization.content.overall import OverallLimit as OverallLimit  # likewise
from personalization.content.pictures import Picture as Picture
from personalization.content.showing import MOST_ROOM as MOST_ROOM
from personalization.content.showing import Shown
from personalization.content.sites import validate_sites
from personalization.content.targets import validate_target
from personalization.segments.fields import RuleField

KEY_PATTERN: Final = r"\A[a-z0-9]+(?:[-_][a-z0-9]+)*\Z"

_validate_key = RegexValidator(
    KEY_PATTERN, _("Use lower-case letters, digits, hyphens and underscores, such as “home-hero”."), code="key"
)


def validate_link(url: str) -> None:
    """Refuse links that could run a script or lead nowhere.

    Raises:
        ValidationError: with what is allowed.
    """
    validate_target(url)


class ButtonStyle(models.TextChoices):
    """How a call to action looks; the site's style sheet decides what that means."""

    PRIMARY = "primary", _("Main button")
    SECONDARY = "secondary", _("Second button")
    LINK = "link", _("Plain link")


class Campaign(Capped, Scheduled):
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
        return PublishedCampaign(self.name, self.status == self.Status.LIVE, self.schedule)


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


class Block(Capped, Picking, Shown):
    """A place in a template whose content depends on who looks."""

    class Status(models.TextChoices):
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused: everyone sees the same")

    key = models.CharField(
        _("Name in templates"),
        max_length=80,
        unique=True,
        validators=[_validate_key],
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
    is_exempt = models.BooleanField(
        _("left out of the limits over everything"),
        default=False,
        help_text=_("For what is part of the page rather than an offer: it neither counts nor is held back."),
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


class Variant(Aimed, Capped, Resting, Scheduled, Offered, Failing):
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
    body = RichTextField(_("text"), blank=True, default="")
    template_name = models.CharField(_("layout"), max_length=200, blank=True, default="")
    cta = models.ForeignKey(
        "CallToAction",
        on_delete=models.PROTECT,
        related_name="variants",
        null=True,
        blank=True,
        verbose_name=_("call to action"),
    )
    picture = models.ForeignKey(
        Picture,
        on_delete=models.PROTECT,
        related_name="variants",
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )
    code_stock = models.ForeignKey(
        CodeStock,
        on_delete=models.PROTECT,
        related_name="variants",
        null=True,
        blank=True,
        verbose_name=_("or a code for each from this stock"),
        help_text=_(
            "Each visitor gets one code, once, by a click. Shown only to those who agreed to personalization, as it is "
            "noted who has which; when none is left, the next variant is shown."
        ),
    )
    content = models.JSONField(blank=True, default=dict)
    sites = models.JSONField(
        _("Sites"),
        blank=True,
        default=list,
        validators=[validate_sites],
        help_text=_("On which it is shown. None ticked: all of them."),
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

    def is_open(self, now: datetime) -> bool:
        """Say whether its own schedule, its campaign and its block's let it be shown."""
        campaigns = (self.campaign, self.block.campaign)
        return self.schedule.is_open(now) and all(
            campaign is None or campaign.published.is_running(now) for campaign in campaigns
        )

    @property
    def scheduled(self) -> list[Scheduled]:
        """What says until when it is shown: itself, its campaign and its block's."""
        return [self, *(one for one in (self.campaign, self.block.campaign) if one is not None)]


class CallToAction(models.Model):
    """A button or link that templates name, and that some visitors may see otherwise."""

    key = models.CharField(
        _("Name in templates"),
        max_length=80,
        unique=True,
        validators=[_validate_key],
        help_text=_("Your developer puts this name where the button goes. It cannot be changed later."),
    )
    name = models.CharField(_("name"), max_length=200)
    label = models.CharField(_("label"), max_length=200)
    url = models.CharField(
        _("link"),
        max_length=2000,
        validators=[validate_link],
        help_text=_("An address, or a page of the site by its name: then it stays right in every language."),
    )
    style = models.CharField(_("style"), max_length=10, choices=ButtonStyle.choices, default=ButtonStyle.PRIMARY)
    new_tab = models.BooleanField(
        _("opens in a new tab"),
        default=False,
        help_text=_("So that your page stays open, for example beside a form of another site. Visitors are told."),
    )
    simple_below = models.PositiveIntegerField(
        _("Plainer below this engagement score"),
        null=True,
        blank=True,
        help_text=_("For those who hardly know the site yet: less room, fewer words around it."),
    )
    prominent_from = models.PositiveIntegerField(
        _("Larger from this engagement score on"),
        null=True,
        blank=True,
        help_text=_("For those who know the site well. Left empty, it is the same for all."),
    )
    utm_source = models.CharField(_("Source (utm_source)"), max_length=100, blank=True, default="")
    utm_medium = models.CharField(_("Medium (utm_medium)"), max_length=100, blank=True, default="")
    utm_campaign = models.CharField(_("Campaign (utm_campaign)"), max_length=100, blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")
        ordering = (Lower("name"), "id")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Hold the scores together."""
        low, high = self.simple_below, self.prominent_from
        if low is not None and high is not None and low > high:
            message = _("Nobody can be above the one score and below the other.")
            raise ValidationError({"prominent_from": ValidationError(message, code="scores")})


ONE_OVERRIDE = _("There is an exception for this segment and these languages already.")


class CallToActionOverride(models.Model):
    """What a call to action says to a segment or in some languages; what is left empty stays as it is."""

    cta = models.ForeignKey(
        CallToAction, on_delete=models.CASCADE, related_name="overrides", verbose_name=_("call to action")
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    segment: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "attune_segments.Segment",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("segment"),
        null=True,
        blank=True,
    )
    languages = models.JSONField(
        _("Languages"),
        blank=True,
        default=list,
        validators=[validate_languages],
        help_text=_("Of the page. None ticked: all of them."),
    )
    rule = RuleField(_("or a rule"), null=True, blank=True)
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("The first that fits the visitor counts; lower numbers come first.")
    )
    label = models.CharField(_("label"), max_length=200, blank=True, default="")
    url = models.CharField(_("link"), max_length=2000, blank=True, default="", validators=[validate_link])
    style = models.CharField(_("style"), max_length=10, choices=ButtonStyle.choices, blank=True, default="")

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["cta", "segment", "languages"],
                name="attune_content_one_override_a_segment",
                violation_error_message=ONE_OVERRIDE,
            ),
            models.UniqueConstraint(
                fields=["cta", "languages"],
                condition=models.Q(segment__isnull=True, rule__isnull=True),
                name="attune_content_one_override_for_all",
                violation_error_message=ONE_OVERRIDE,
            ),
        )

    def __str__(self) -> str:
        who = str(self.segment or "") or (gettext("a rule") if self.rule is not None else "")
        return " · ".join(filter(None, (str(self.cta), who, language_names(self.languages))))

    @property
    def verdict_key(self) -> str:
        """The key under which its own rule is judged and stored."""
        return f"cta:{self.pk}"

    def clean(self) -> None:
        """Refuse an exception that nobody is an exception to."""
        if self.segment_id is not None and self.rule is not None:
            raise ValidationError({"rule": ValidationError(_("Choose a segment or write a rule."), code="both")})
        if self.segment_id is None and self.rule is None and not self.languages:
            message = _("Choose a segment or languages.") if site_languages() else _("Choose a segment.")
            raise ValidationError({"segment": ValidationError(message, code="missing")})
