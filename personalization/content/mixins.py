"""Abstract models of what is shown: to some only, at some times, not too often, not when others should come first."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.content import aiming, strategies
from personalization.content.deciding.pressure import acted, reached
from personalization.content.deciding.schedule import ALWAYS, WEEKDAYS, Hours, Schedule
from personalization.content.fields import RichTextField
from personalization.content.languages import validate_languages
from personalization.content.sites import validate_sites
from personalization.content.trials import OnTrial
from personalization.segments.fields import RuleField
from tracking.goals import is_valid_where


def validate_weekdays(value: Any) -> None:
    """Refuse what is no list of weekdays.

    Raises:
        ValidationError: with what is allowed.
    """
    if not (isinstance(value, list) and all(day in WEEKDAYS for day in value)):
        raise ValidationError(
            _("Give a list of weekdays: %(days)s."), code="weekdays", params={"days": ", ".join(WEEKDAYS)}
        )


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; the site's, if it is empty or not known."""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def validate_time_zone(name: str) -> None:
    """Refuse what the time zone database does not have.

    Raises:
        ValidationError: with what is allowed.
    """
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone. Write it as in “Europe/Berlin”."), code="time_zone")


class Within(models.TextChoices):
    """The time in which showing is counted, as rules write it."""

    SESSION = "session", _("in one visit")
    DAY = "24h", _("in 24 hours")
    WEEK = "7d", _("in 7 days")
    MONTH = "30d", _("in 30 days")


class Audience(models.TextChoices):
    """Whom a variant is for; `aiming` says what each means."""

    EVERYBODY = aiming.EVERYBODY, _("Everybody")
    SEGMENTS = aiming.SEGMENTS, _("Visitors in any of these segments")
    NOT_IN = aiming.NOT_IN, _("Visitors in none of these segments")
    RULE = aiming.RULE, _("Visitors who match a rule")


def who_sees_it(*more: tuple[str, Any]) -> "models.CharField[str, str]":
    """A field for the audience: one of those that all variants can have, or one of more, (value, label)."""
    choices = [*Audience.choices, *more]
    return models.CharField(_("Who sees it"), max_length=10, choices=choices, default=Audience.EVERYBODY)


def in_campaign(related_name: str) -> "models.ForeignKey[Any, Any]":
    """A field for the campaign, which calls what belongs to it by this name."""
    return models.ForeignKey(
        "attune_content.Campaign",
        on_delete=models.PROTECT,
        related_name=related_name,
        null=True,
        blank=True,
        verbose_name=_("campaign"),
        help_text=_("Shown only while it runs."),
    )


def with_picture(related_name: str) -> "models.ForeignKey[Any, Any]":
    """A field for the picture that is shown, which calls what shows it by this name."""
    return models.ForeignKey(
        "attune_content.Picture",
        on_delete=models.PROTECT,
        related_name=related_name,
        null=True,
        blank=True,
        verbose_name=_("picture"),
    )


def with_codes(related_name: str, *, help_text: Any) -> "models.ForeignKey[Any, Any]":
    """A field for the stock that codes are given from, which calls what gives them by this name."""
    return models.ForeignKey(
        "attune_content.CodeStock",
        on_delete=models.PROTECT,
        related_name=related_name,
        null=True,
        blank=True,
        verbose_name=_("or a code for each from this stock"),
        help_text=help_text,
    )


class Aimed(models.Model):
    """What is for some visitors only: whom, in which languages, on which sites, and in which campaign.

    The class that it becomes has a `uuid`, and a field `campaign` (`in_campaign`) with a related name of its own.
    """

    Audience = Audience
    uuid: Any
    audience_kind = who_sees_it()
    segments: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "attune_segments.Segment", blank=True, related_name="+", verbose_name=_("segments")
    )
    rule = RuleField(_("rule"), null=True, blank=True)
    languages = models.JSONField(
        _("Languages"),
        blank=True,
        default=list,
        validators=[validate_languages],
        help_text=_("Of the page. None ticked: all of them."),
    )
    sites = models.JSONField(
        _("Sites"),
        blank=True,
        default=list,
        validators=[validate_sites],
        help_text=_("On which it is shown. None ticked: all of them."),
    )

    class Meta:
        abstract = True

    def aim_mistakes(self) -> dict[str, ValidationError]:
        """What does not go together, by field; which segments are chosen is checked by the form."""
        if self.audience_kind == Audience.RULE and self.rule is None:
            return {"rule": ValidationError(_("Write the rule."), code="missing")}
        return {}

    @property
    def verdict_key(self) -> str:
        """The key under which its own rule is judged and stored."""
        return f"variant:{self.uuid}"


class Capped(models.Model):
    """What is not shown more often than an editor wants."""

    cap_times = models.PositiveSmallIntegerField(
        _("How often at most"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    cap_within = models.CharField(_("counted"), max_length=10, choices=Within.choices, default=Within.WEEK)

    class Meta:
        abstract = True


class Bounded(Capped):
    """What limits hold back: its own, and those over everything unless it is left out of them."""

    is_exempt = models.BooleanField(
        _("not counted in “Limits over everything”, nor held back by it"),
        default=False,
        help_text=_("For what is part of the page rather than an offer."),
    )

    class Meta:
        abstract = True


class Picking(models.Model):
    """What shows one or several of its variants."""

    pick = models.CharField(
        _("If several variants fit"), max_length=40, choices=strategies.choices, default=strategies.FIRST
    )
    pick_most = models.PositiveSmallIntegerField(
        _("how many at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Left empty: all that fit."),
    )

    class Meta:
        abstract = True


class Offered(OnTrial):
    """What is offered beside others: by what it is ordered, and whether it is on trial."""

    score = models.CharField(
        _("Score"),
        max_length=100,
        blank=True,
        default="",
        help_text=_(
            "The name of a number that is known about the visitor, such as “trousers_interest”: where the best score "
            "comes first, the variant with the highest number does."
        ),
    )

    class Meta:
        abstract = True


class Resting(models.Model):
    """What makes room for others: for some days after what the visitor did, or when it was seen often in vain."""

    class RestAfter(models.TextChoices):
        CLICK = "block_click", _("a click in it")
        PURCHASE = "purchase", _("a purchase")
        SIGN_UP = "sign_up", _("a sign-up")
        LEAD = "generate_lead", _("a form that was sent")
        GOAL = "goal", _("a goal that they reached")

    rest_after = models.CharField(
        _("Not again after"), max_length=20, choices=RestAfter.choices, blank=True, default=""
    )
    rest_days = models.PositiveSmallIntegerField(
        _("for so many days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    rest_goal: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "attune_tracking.Goal",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("this goal"),
        help_text=_("Counted for as long as the goal itself is counted."),
    )
    tires_after = models.PositiveSmallIntegerField(
        _("Others first after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("So many times seen without a click in 7 days; then other variants that fit are preferred."),
    )

    class Meta:
        abstract = True

    def rest_mistakes(self) -> dict[str, ValidationError]:
        """What does not go together, by field."""
        if bool(self.rest_after) is not (self.rest_days is not None):
            return {"rest_days": ValidationError(_("Say both after what, and for how many days."), code="missing")}
        if self.rest_after == self.RestAfter.GOAL and self.rest_goal is None:
            return {"rest_goal": ValidationError(_("Choose the goal."), code="missing")}
        return {}

    def rest_rule(self, variant: str) -> dict[str, Any] | None:
        """The rule about who did what it rests after; None: it never rests. `variant` is its own id."""
        if not self.rest_after or self.rest_days is None:
            return None
        if self.rest_after != self.RestAfter.GOAL:
            return acted(self.rest_after, days=self.rest_days, variant=variant)
        goal = self.rest_goal
        if goal is None or not goal.enabled or not is_valid_where(goal.where):
            return None
        return reached(goal.event, goal.where, days=self.rest_days)

    @property
    def rests_after_goal(self) -> str:
        """The name of the goal that it rests after; empty where it is something else."""
        return str(self.rest_goal) if self.rest_after == self.RestAfter.GOAL and self.rest_goal else ""


class Scheduled(models.Model):
    """What is shown at some times only, by the clocks of a time zone."""

    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    weekdays = models.JSONField(
        _("on these days"),
        blank=True,
        default=list,
        validators=[validate_weekdays],
        help_text=_("None ticked: every day."),
    )
    hours_from = models.TimeField(_("at these hours, from"), null=True, blank=True)
    hours_until = models.TimeField(
        _("at these hours, until"),
        null=True,
        blank=True,
        help_text=_("Not later than “from”: of the next day. Both empty: the whole day."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        validators=[validate_time_zone],
        help_text=_("Of all the dates and times here, such as “Europe/Berlin”. Left empty: the site’s."),
    )

    class Meta:
        abstract = True

    def schedule_mistakes(self) -> dict[str, ValidationError]:
        """What does not go together, by field."""
        mistakes: dict[str, ValidationError] = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            mistakes["ends_at"] = ValidationError(_("The end must be later than the start."), code="schedule")
        if self.hours_from is not None and self.hours_from == self.hours_until:
            mistakes["hours_until"] = ValidationError(
                _("This is when it begins. For the whole day, leave both empty."), code="schedule"
            )
        return mistakes

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that its dates and times are given in; the site's, if it has none of its own that is known."""
        return zone_named(self.time_zone)

    @property
    def schedule(self) -> Schedule:
        """When it is shown."""
        hours: Hours | None = None
        if self.weekdays or self.hours_from or self.hours_until:
            hours = Hours(
                self.zone,
                frozenset(WEEKDAYS.index(day) for day in self.weekdays or WEEKDAYS if day in WEEKDAYS),
                self.hours_from or time.min,
                self.hours_until or time.min,
            )
        elif self.starts_at is None and self.ends_at is None:
            return ALWAYS
        return Schedule(self.starts_at, self.ends_at, hours)


class Bodied(models.Model):
    """What shows something of one of the kinds in `bodies`, which keep in these columns what it is.

    The class that it becomes has the fields `picture` (`with_picture`) and `code_stock` (`with_codes`), too.
    """

    body = RichTextField(_("text"), blank=True, default="")
    content = models.JSONField(blank=True, default=dict)

    class Meta:
        abstract = True
