"""The forms of the plugins: what an editor fills in, with every mistake at its place."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.forms import (
    RULE_EXAMPLE,
    WHEN_AND_HOW_OFTEN,
    OptionalRuleField,
    offer_languages,
    require_segments,
    segment_choices,
)
from personalization.content.admin.moments import offer_times
from personalization.content.grouping import group_choices
from personalization.content.scores import offer_scores
from personalization.content.sites import offer_sites, own_sites
from personalization.djangocms.models import IfSegment, PersonalizedBlock, Variant
from personalization.segments.forms import RuleTextarea

if TYPE_CHECKING:
    VariantModelForm = forms.ModelForm[Variant]
    IfSegmentModelForm = forms.ModelForm[IfSegment]
    BlockModelForm = forms.ModelForm[PersonalizedBlock]
else:  # Django's class takes no parameters when it runs
    VariantModelForm = IfSegmentModelForm = BlockModelForm = forms.ModelForm


FORMS_STYLE: Final = "personalization/djangocms/forms.css"


class BlockForm(BlockModelForm):
    """A block: its name, what it shows of what fits, when, and how often at most all variants together."""

    class Meta:
        model = PersonalizedBlock
        fields = (
            "name",
            "pick",
            "pick_most",
            "show",
            "room",
            "reveal_on",
            "reveal_after",
            "cap_times",
            "cap_within",
            "is_exempt",
            "campaign",
            "team_only",
            "group",
            "group_order",
        )

    class Media:
        css = {"all": (FORMS_STYLE,)}  # how Django's media are declared
        js = ("personalization/content/showing.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "group" in self.fields:
            self.fields["group"].choices = group_choices()  # type: ignore[attr-defined]  # a choice field


class VariantForm(VariantModelForm):
    """One variant: to whom it is shown, and when."""

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
            "audience_kind",
            "segments",
            "rule",
            "languages",
            "sites",
            "score",
            "team_only",
            *WHEN_AND_HOW_OFTEN,
        )
        widgets = {"segments": forms.CheckboxSelectMultiple}  # how Django's forms are declared

    class Media:
        css = {"all": (FORMS_STYLE, "personalization/djangocms/variant.css")}  # how Django's media are declared
        js = ("personalization/djangocms/variant.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "segments" in self.fields:  # those who may only look get no fields
            chosen = self.instance.segments.values_list("pk", flat=True) if self.instance.pk else ()
            self.fields["segments"].choices = segment_choices(chosen)  # type: ignore[attr-defined]  # a choice field
        offer_languages(self)
        offer_sites(self, own_sites())
        offer_times(self)
        offer_scores(self)

    def clean(self) -> dict[str, Any] | None:
        """Hold together what the model cannot see before it is saved."""
        cleaned = super().clean()
        require_segments(self)
        return cleaned


class IfSegmentForm(IfSegmentModelForm):
    """A part: for whom."""

    class Meta:
        model = IfSegment
        fields = ("segment", "is_negated")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "segment" in self.fields:
            chosen = [self.instance.segment_id] if self.instance.segment_id else []
            choices = [("", "—"), *segment_choices(chosen)]
            self.fields["segment"].choices = choices  # type: ignore[attr-defined]  # a choice field
