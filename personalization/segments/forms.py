"""The form of a segment: what an editor fills in, with every mistake at its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms

from personalization.segments.models import Segment

if TYPE_CHECKING:
    SegmentModelForm = forms.ModelForm[Segment]
else:  # Django's class takes no parameters when it runs
    SegmentModelForm = forms.ModelForm


class RuleTextarea(forms.Textarea):
    """A rule as indented JSON; what was typed and is not JSON stays as it was typed."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 16, "cols": 90, "class": "attune-rule vLargeTextField", "spellcheck": "false"})

    def format_value(self, value: Any) -> str | None:
        if value in (None, ""):
            return ""
        try:
            return json.dumps(json.loads(value), indent=2, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError):
            return str(value)


class SegmentForm(SegmentModelForm):
    """A segment. The rule is checked by its field, the rest by the model."""

    class Meta:
        model = Segment
        fields = ("name", "slug", "status", "description", "rule")
        widgets = {"rule": RuleTextarea()}  # how Django's forms are declared
