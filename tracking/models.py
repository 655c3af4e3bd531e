"""What is kept of what happened: visitors, their events, what is measured, and what was refused."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.importing.models import Import

__all__ = ["EventType", "Goal", "Import", "RefusedEvents", "StoredEvent", "Visitor", "VisitorAccess"]


class Visitor(models.Model):
    """Somebody who agreed to something. The row is also the lock that recording and withdrawing meet at."""

    id = models.UUIDField(_("visitor"), primary_key=True, default=uuid.uuid4, editable=False)
    purposes = models.PositiveSmallIntegerField(_("purposes"), help_text=_("What the visitor's events serve, as bits."))
    first_seen = models.DateTimeField(_("first seen"))
    imported_from = models.ForeignKey(
        Import, models.PROTECT, verbose_name=_("imported from"), null=True, blank=True, related_name="visitors"
    )

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        ordering = ("-first_seen", "id")
        indexes = (models.Index(fields=("-first_seen", "id"), name="attune_visitor_first_seen"),)
        permissions = (
            ("identify_visitor", _("Can see visitors by their whole ids, without stating a reason")),
            ("see_small_counts", _("Can see exactly how many people, also under 10")),
        )

    def __str__(self) -> str:
        return str(self.id)


class VisitorAccess(models.Model):
    """Somebody of the staff looked at a visitor, and why. Goes with the visitor.

    There is no foreign key to the user: the account may be gone, or in another database.
    """

    visitor_id = models.UUIDField(_("visitor"), editable=False)
    who = models.CharField(_("who"), max_length=254, editable=False)
    reason = models.CharField(_("why"), max_length=500, editable=False)
    at = models.DateTimeField(_("when"), editable=False)

    class Meta:
        verbose_name = _("look at a visitor")
        verbose_name_plural = _("who looked at visitors")
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("visitor_id", "who", "at"), name="attune_access_by_visitor"),
            models.Index(fields=("at",), name="attune_access_at"),
        )

    def __str__(self) -> str:
        return f"{self.who}: {self.reason}"


class StoredEvent(models.Model):
    """An event with the purposes under which it was accepted; every reader names its purpose and sees only those.

    There is no foreign key to the visitor: events are written in bulk, and the visitor's row is locked first anyway.
    """

    id = models.UUIDField(_("event"), primary_key=True, editable=False, help_text=_("UUIDv7, made by the sender."))
    visitor_id = models.UUIDField(_("visitor"))
    name = models.CharField(_("name"), max_length=100)
    occurred_at = models.DateTimeField(_("occurred at"))
    received_at = models.DateTimeField(_("received at"))
    url = models.TextField(_("page address"), blank=True)
    title = models.TextField(_("page title"), blank=True)
    referrer = models.TextField(_("came from"), blank=True)
    properties = models.JSONField(_("properties"), default=dict, blank=True)
    device = models.CharField(_("device"), max_length=10, blank=True)
    purposes = models.PositiveSmallIntegerField(_("purposes"))
    imported_from = models.ForeignKey(
        Import,
        models.DO_NOTHING,
        verbose_name=_("imported from"),
        null=True,
        blank=True,
        related_name="events",
        db_constraint=False,  # a foreign key would lock the import's row for every row that is written
        db_index=False,  # nothing looks events up by their import, and every index costs each insert
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("occurred_at", "id")
        indexes = (models.Index(fields=("visitor_id", "occurred_at", "id"), name="attune_event_timeline"),)

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class EventType(models.Model):
    """What we measure, as set in the admin: a new event, or a built-in one described anew or switched off."""

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Small letters, digits and underscores; a letter first."))],
        help_text=_("The name that the site sends, such as add_to_cart."),
    )
    label = models.CharField(_("label"), max_length=200, help_text=_("How people call it."))
    purposes = models.PositiveSmallIntegerField(_("serves"), help_text=_("Kept only if the visitor agreed to one."))
    properties = models.JSONField(_("what comes with it"), default=dict, blank=True)
    by_visitor = models.BooleanField(
        _("caused by the visitor"),
        default=True,
        help_text=_("Switch off for what happens without the visitor, such as a refund."),
    )
    enabled = models.BooleanField(_("measured"), default=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("event that we measure")
        verbose_name_plural = _("what we measure")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.label or self.name


class Goal(models.Model):
    """What a visit is hoped to lead to: an event, what must be true of it, and what it is worth (`tracking.goals`)."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("Such as: a purchase."))
    event = models.CharField(_("what happens"), max_length=100)
    where = models.JSONField(_("Only where"), default=list, blank=True)
    value_property = models.CharField(
        _("Worth what the event says as"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Such as “value” of a purchase. What is in another currency than the one below is not added."),
    )
    fixed_value = models.DecimalField(
        _("or always worth"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("For each who reaches it. Both empty: only people are counted."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, such as EUR."))],
    )
    within_days = models.PositiveSmallIntegerField(
        _("Within so many days"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("It counts for what somebody saw if it happens so soon after they first saw it."),
    )
    enabled = models.BooleanField(_("counted"), default=True)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ("name",)
        permissions = (("view_results", _("Can see results: what was seen, clicked and led to goals")),)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Hold together what belongs together."""
        if self.value_property and self.fixed_value is not None:
            raise ValidationError(
                {"fixed_value": ValidationError(_("It is worth one or the other: leave one empty."), code="both")}
            )


class RefusedEvents(models.Model):
    """How many events were refused on a day, and why. Nothing else is kept of them."""

    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=40)
    count = models.PositiveBigIntegerField(_("how many"))

    class Meta:
        verbose_name = _("refused events")
        verbose_name_plural = _("refused events")
        ordering = ("-day", "reason")
        constraints = (models.UniqueConstraint(fields=("day", "reason"), name="attune_one_count_per_day_and_reason"),)

    def __str__(self) -> str:
        return f"{self.day} {self.reason}: {self.count}"
