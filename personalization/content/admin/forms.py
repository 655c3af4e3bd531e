"""The forms of the admin: what an editor fills in, with every mistake at its place."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.labels import name_columns
from personalization.content.admin.moments import offer_times
from personalization.content.aiming import OF_SEGMENTS
from personalization.content.bodies.forms import BodyForm, SharedChoices
from personalization.content.calls import ONE_OVERRIDE
from personalization.content.conf import conf
from personalization.content.languages import language_choices
from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    Variant,
)
from personalization.content.scores import Score, known_scores, offer_scores
from personalization.content.sites import offer_sites, own_sites
from personalization.segments.fields import RuleFormField
from personalization.segments.forms import RuleTextarea
from personalization.segments.models import Segment, Status

if TYPE_CHECKING:
    from django.forms.models import BaseInlineFormSet

    OverrideModelForm = forms.ModelForm[CallToActionOverride]
    CampaignModelForm = forms.ModelForm[Campaign]
    VariantInlineFormSet = BaseInlineFormSet[Variant, Block, forms.ModelForm[Variant]]
    OverrideInlineFormSet = BaseInlineFormSet[CallToActionOverride, CallToAction, OverrideModelForm]
    PlaceInlineFormSet = BaseInlineFormSet[BlockGroupPlace, BlockGroup, forms.ModelForm[BlockGroupPlace]]
else:  # Django's classes take no parameters when they run
    from django.forms.models import BaseInlineFormSet

    VariantInlineFormSet = OverrideInlineFormSet = PlaceInlineFormSet = BaseInlineFormSet

    OverrideModelForm = CampaignModelForm = forms.ModelForm

ORDER_STEP = 10
"""Between the order numbers that are given out, so that one can be put in between by hand."""

WHEN_AND_HOW_OFTEN: Final = (
    "campaign",
    "starts_at",
    "ends_at",
    "weekdays",
    "hours_from",
    "hours_until",
    "time_zone",
    "cap_times",
    "cap_within",
    "rest_after",
    "rest_days",
    "rest_goal",
    "tires_after",
)
"""The fields that say when a variant is shown, and when others are rather: the same wherever it is kept."""

RULE_EXAMPLE: Final = _("For example %(rule)s") % {
    "rule": '{"event": "view_item", "at_least": 3, "within": "7d", "per": "item_category"}'
}


def template_choices() -> list[tuple[str, Any]]:
    """The layouts that may be chosen, by the names that editors know them by."""
    return [("", _("Choose a layout")), *conf.PERSONALIZATION_VARIANT_TEMPLATES.items()]


def segment_choices(chosen: Iterable[int] = ()) -> list[tuple[int, str]]:
    """The segments that may be chosen: all but the archived ones, and those that are chosen already."""
    kept = set(chosen)
    return [
        (segment.pk, _segment_label(segment))
        for segment in Segment.objects.order_by("name", "id")
        if segment.status != Status.ARCHIVED or segment.pk in kept
    ]


def offer_languages(form: "forms.ModelForm[Any]") -> None:
    """Let the form's languages be ticked, if it has a field for them."""
    if "languages" in form.fields:
        form.fields["languages"] = forms.MultipleChoiceField(
            label=form.fields["languages"].label,
            help_text=form.fields["languages"].help_text,
            choices=language_choices(form.instance.languages),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


def require_segments(form: "forms.ModelForm[Any]") -> None:
    """Hold the audience and the segments together, which the model cannot see before it is saved."""
    values = form.cleaned_data
    if values.get("audience_kind") in OF_SEGMENTS and not values.get("segments", True):
        form.add_error("segments", ValidationError(_("Choose at least one segment."), code="required"))


class OptionalRuleField(RuleFormField):
    """A rule that need not be there: an empty field, not JSON's word for nothing."""

    def prepare_value(self, value: Any) -> Any:
        """As text, if there is one."""
        return "" if value is None else super().prepare_value(value)


class VariantForm(BodyForm):
    """One variant: what is shown, to whom, and when."""

    rule = OptionalRuleField(
        label=_("Rule"),
        required=False,
        widget=RuleTextarea,
        help_text=RULE_EXAMPLE,
    )

    class Meta:
        model = Variant
        fields = (
            "name",
            "enabled",
            "order",
            "score",
            "body_kind",
            "body",
            "template_name",
            "cta",
            "picture",
            "code_stock",
            "audience_kind",
            "segments",
            "rule",
            "languages",
            "sites",
            "team_only",
            *WHEN_AND_HOW_OFTEN,
        )
        widgets = {"segments": forms.CheckboxSelectMultiple}  # how Django's forms are declared

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "template_name" in self.fields:  # not declared above: a form's own template has the same name
            self.fields["template_name"] = forms.ChoiceField(
                label=_("Layout"), choices=template_choices, required=False
            )
        offer_languages(self)
        offer_times(self)
        if "order" in self.fields:  # those who may only look get no fields
            self.fields["order"].required = False
            self.fields["order"].initial = None

    def clean(self) -> dict[str, Any] | None:
        """Hold together what the model cannot see before it is saved."""
        cleaned = super().clean()
        require_segments(self)
        values = self.cleaned_data
        if values.get("enabled") and values.get("body_kind") == Variant.BodyKind.RICH_TEXT and values.get("body") == "":
            self.add_error("body", ValidationError(_("Write the text, or switch the variant off."), code="required"))
        return cleaned


class CampaignForm(CampaignModelForm):
    """A campaign: when, and whether at all."""

    class Meta:
        model = Campaign
        fields = (
            "name",
            "status",
            "team_only",
            "starts_at",
            "ends_at",
            "weekdays",
            "hours_from",
            "hours_until",
            "time_zone",
            "cap_times",
            "cap_within",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_times(self)


class OverrideForm(OverrideModelForm):
    """What some see of a call to action."""

    rule = OptionalRuleField(label=_("or a rule"), required=False, widget=RuleTextarea)

    class Meta:
        model = CallToActionOverride
        fields = ("order", "segment", "rule", "languages", "label", "url", "style")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self)
        if "rule" in self.fields:
            self.fields["rule"].widget.attrs["rows"] = 2


class PlaceFormSet(PlaceInlineFormSet):
    """The places of a group, a line each."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give every input a name."""
        super().add_fields(form, index)
        name_columns(form)


class OverrideFormSet(OverrideInlineFormSet):
    """All exceptions of a call to action: no two for the same visitors; segments are read once for all of them."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give every input a name, and every form the same list."""
        super().add_fields(form, index)
        name_columns(form)
        if "segment" in form.fields:
            if not hasattr(self, "_segments"):
                self._segments = list(form.fields["segment"].choices)
            form.fields["segment"].choices = self._segments

    def clean(self) -> None:
        """Compare those of this page; the ones that are stored are all on it."""
        super().clean()
        seen: set[tuple[int | None, tuple[str, ...]]] = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", None)
            if not values or values.get("DELETE") or not form.is_valid():
                continue
            segment = values["segment"]
            if values.get("rule") is not None:
                continue
            audience = (segment.pk if segment else None, tuple(values.get("languages", form.instance.languages)))
            if audience in seen:
                form.add_error(None, ValidationError(ONE_OVERRIDE, code="unique"))
            seen.add(audience)


class VariantFormSet(VariantInlineFormSet):
    """All variants of a block: those without an order number come last; segments are read once for all of them."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give every form the same lists."""
        super().add_fields(form, index)
        if "segments" in form.fields:
            form.fields["segments"].choices = self._segment_choices
        self._shared_choices.offer(form)
        offer_sites(form, self._sites)
        offer_scores(form, self._scores)

    @cached_property
    def _scores(self) -> list[Score]:
        return known_scores()

    @cached_property
    def _sites(self) -> dict[int, str]:
        return own_sites()

    @cached_property
    def _shared_choices(self) -> SharedChoices:
        return SharedChoices()

    @property
    def _segment_choices(self) -> list[tuple[int, str]]:
        if not hasattr(self, "_choices"):
            chosen = (
                Variant.segments.through.objects.filter(variant__block=self.instance).values_list(
                    "segment_id", flat=True
                )
                if self.instance.pk
                else ()
            )
            self._choices = segment_choices(chosen)
        return self._choices

    def clean(self) -> None:
        """Give the variants without an order number the next ones."""
        super().clean()
        kept = [form for form in self.forms if "order" in getattr(form, "cleaned_data", ())]
        last = max((form.cleaned_data["order"] or 0 for form in kept), default=0)
        for form in kept:
            if form.cleaned_data["order"] is None:
                last += ORDER_STEP
                form.cleaned_data["order"] = form.instance.order = last


def _segment_label(segment: Segment) -> str:
    if segment.status == Status.ACTIVE:
        return segment.name
    return _now("%(segment)s (%(status)s: nobody is in it)") % {
        "segment": segment.name,
        "status": segment.get_status_display(),
    }
