"""The form of a segment: what an editor fills in, with every mistake at its place."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from personalization.segments.models import Segment

if TYPE_CHECKING:
    SegmentModelForm = forms.ModelForm[Segment]
else:  # Django's class takes no parameters when it runs
    SegmentModelForm = forms.ModelForm


class RuleTextarea(forms.Textarea):
    """Room for a rule: the script shows it as rows of conditions, and writes it here."""

    class Media:
        css = {"all": ("personalization/segments/rule.css", "personalization/segments/builder.css")}
        js = (
            "personalization/segments/rule.js",
            "personalization/segments/rows.js",
            "personalization/segments/controls.js",
            "personalization/segments/builder.js",
        )

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 16, "cols": 90, "class": "attune-rule vLargeTextField", "spellcheck": "false"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Say where the scripts ask what the rule says in words, and what rules can say."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        with suppress(NoReverseMatch):  # a project without our admin
            context["widget"]["attrs"]["data-in-words"] = reverse("admin:attune_segments_segment_rule_in_words")
            context["widget"]["attrs"]["data-vocabulary"] = reverse("admin:attune_segments_segment_rule_vocabulary")
        return context


class SegmentForm(SegmentModelForm):
    """A segment. The rule is checked by its field, the rest by the model."""

    class Meta:
        model = Segment
        help_texts = {"status": _("Only an active segment has people in it; a draft waits.")}
        fields = ("name", "slug", "status", "description", "rule")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3, "cols": 90}),
            "rule": RuleTextarea(),
        }  # how Django's forms are declared
