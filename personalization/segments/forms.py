"""The form of a segment: what an editor fills in, with every mistake at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from personalization.segments.models import Segment

if TYPE_CHECKING:
    SegmentModelForm = forms.ModelForm[Segment]
else:  # Django's class takes no parameters when it runs
    SegmentModelForm = forms.ModelForm


class RuleTextarea(forms.Textarea):
    """Room for a rule."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 16, "cols": 90, "class": "attune-rule vLargeTextField", "spellcheck": "false"})


class SegmentForm(SegmentModelForm):
    """A segment. The rule is checked by its field, the rest by the model."""

    class Meta:
        model = Segment
        fields = ("name", "slug", "status", "description", "rule")
        widgets = {"rule": RuleTextarea()}  # how Django's forms are declared
