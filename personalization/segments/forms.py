"""The form of a segment: what an editor fills in, with every mistake at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

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
        help_texts = {"status": _("Only an active segment has people in it; a draft waits.")}
        fields = ("name", "slug", "status", "description", "rule")
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3, "cols": 90}),
            "rule": RuleTextarea(),
        }  # how Django's forms are declared
