"""Calls to action, and what some visitors see of them instead."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.labels import mistakes_in
from personalization.content.keys import validate_key
from personalization.content.languages import language_names, site_languages, validate_languages
from personalization.content.targets import validate_target
from personalization.segments.fields import RuleField


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


class CallToAction(models.Model):
    """A button or link that templates name, and that some visitors may see otherwise."""

    key = models.CharField(
        _("Name in templates"),
        max_length=80,
        unique=True,
        validators=[validate_key],
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
        """Hold the scores together, and what is in braces to what is a personal field."""
        if mistakes := mistakes_in(self.label):
            raise ValidationError({"label": mistakes})
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
        """Refuse an exception that nobody is an exception to, and braces that are no personal field."""
        if mistakes := mistakes_in(self.label):
            raise ValidationError({"label": mistakes})
        if self.segment_id is not None and self.rule is not None:
            raise ValidationError({"rule": ValidationError(_("Choose a segment or write a rule."), code="both")})
        if self.segment_id is None and self.rule is None and not self.languages:
            message = _("Choose a segment or languages.") if site_languages() else _("Choose a segment.")
            raise ValidationError({"segment": ValidationError(message, code="missing")})
