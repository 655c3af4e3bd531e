"""What editors put into pages: blocks with their variants, calls to action, and parts for a segment."""

import uuid
from typing import Any, Final

from cms.models.pluginmodel import CMSPlugin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content import aiming
from personalization.content.languages import language_names
from personalization.content.mixins import (
    Aimed,
    Bounded,
    Capped,
    Offered,
    Picking,
    Resting,
    Scheduled,
    in_campaign,
    who_sees_it,
)
from personalization.content.showing import Shown
from personalization.content.trials import OnTrial
from personalization.djangocms.bodies import BodyPlugin as BodyPlugin  # Django finds it here
from personalization.djangocms.grouped import Grouped
from personalization.djangocms.versions import rename_copy

KEY_PREFIX: Final = "cms:"
"""What the keys of pages' blocks begin with: no block of the admin is called like that."""

OTHERS: Final = "others"
"""The audience of the variant that is shown when no other fits."""


class PersonalizedBlock(Bounded, Picking, Shown, OnTrial, Grouped, CMSPlugin):
    """A place in a page whose content depends on who looks; its variants are its children."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    name = models.CharField(
        _("name"), max_length=200, help_text=_("For you and your colleagues; visitors never see it.")
    )
    campaign = in_campaign("blocks_in_pages")

    class Meta:
        verbose_name = _("personalized block")
        verbose_name_plural = _("blocks in pages")

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The name under which it is decided and counted; the same in every version of its page."""
        return f"{KEY_PREFIX}{self.uuid}"

    def copy_relations(self, old_instance: "PersonalizedBlock") -> None:
        """Stay the same block in the next version of the page; be another one, in no group, wherever else it goes."""
        rename_copy(self, old_instance)
        if self.uuid != old_instance.uuid and self.group_id is not None:
            self.group, self.group_order = None, None
            self.save(update_fields=["group", "group_order"])


class Variant(Aimed, Capped, Resting, Scheduled, Offered, CMSPlugin):
    """One thing that a block can show, to whom, and when; its children are what it shows."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    name = models.CharField(_("name"), max_length=200)
    audience_kind = who_sees_it((OTHERS, _("Everyone else: whom no other variant fits")))
    campaign = in_campaign("variants_in_pages")

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self) -> str:
        sites = gettext("on some sites only") if self.sites else ""
        return " · ".join(filter(None, (self.name, self.who, language_names(self.languages), sites)))

    def clean(self) -> None:
        """Hold together what belongs together."""
        super().clean()
        if mistakes := self.schedule_mistakes() | self.rest_mistakes() | self.aim_mistakes():
            raise ValidationError(mistakes)

    def copy_relations(self, old_instance: "Variant") -> None:
        """Take the segments along; be the same variant in the next version of the page only."""
        self.segments.set(old_instance.segments.all())
        rename_copy(self, old_instance)

    @property
    def is_default(self) -> bool:
        """Whether it is what is shown when no other variant fits."""
        return self.audience_kind == OTHERS

    @property
    def who(self) -> str:
        """Who sees it, in a few words."""
        if self.audience_kind in aiming.OF_SEGMENTS:
            names = ", ".join(segment.name for segment in self.segments.all()) if self.pk else ""
            if not names:
                return gettext("nobody: no segment is chosen")
            is_negated = self.audience_kind == aiming.NOT_IN
            return gettext("visitors not in %(segments)s") % {"segments": names} if is_negated else names
        if self.is_default:
            return gettext("everyone else")
        return str(self.get_audience_kind_display())


class _WithCallToAction(models.Manager[Any]):
    """Reads the calls to action with their plugins: however many a page has, its plugins are read at once."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("cta")


class _WithSegment(models.Manager[Any]):
    """Reads the segments with their parts."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("segment")


class CallToActionPlugin(CMSPlugin):
    """A call to action of the admin, put into a page."""

    cta: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "attune_content.CallToAction",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("call to action"),
    )

    objects: Any = _WithCallToAction()

    class Meta:
        verbose_name = _("call to action in a page")
        verbose_name_plural = _("calls to action in pages")

    def __str__(self) -> str:
        return str(self.cta) if self.cta else gettext("nothing: it was deleted")


class IfSegment(CMSPlugin):
    """A part of a page for those who are in a segment, or for those who are not."""

    segment: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "attune_segments.Segment", on_delete=models.PROTECT, related_name="+", verbose_name=_("segment")
    )
    is_negated = models.BooleanField(_("for those who are not in it"), default=False)

    objects: Any = _WithSegment()

    class Meta:
        verbose_name = _("part for a segment")
        verbose_name_plural = _("parts for a segment")

    def __str__(self) -> str:
        text = gettext("not in “%(segment)s”") if self.is_negated else gettext("in “%(segment)s”")
        return text % {"segment": self.segment}
