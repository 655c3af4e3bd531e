"""The form of the engagement score: lines instead of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.scoring.models import EngagementScore
from tracking.event_types import BUILTIN
from tracking.models import EventType

LARGEST: Final = 1000


def weights_as_lines(weights: Mapping[str, float]) -> str:
    """Return one line for each event.

    >>> weights_as_lines({"click": 1.0, "purchase": 2.5})
    'click: 1\\npurchase: 2.5'
    """
    return "\n".join(f"{name}: {float(weight):.12g}" for name, weight in weights.items())


def weights_from_lines(text: str) -> dict[str, float]:
    """Return the weights in lines of `name: number`. Raises ValidationError naming each mistake.

    >>> weights_from_lines("click: 1\\n\\npurchase: 2.5")
    {'click': 1.0, 'purchase': 2.5}
    """
    weights: dict[str, float] = {}
    mistakes = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _colon, said = (part.strip() for part in line.partition(":"))
        where = {"number": number, "line": line.strip(), "largest": LARGEST}
        try:
            weight = float(said)
        except ValueError:
            weight = float("nan")
        if not name or not isfinite(weight) or abs(weight) > LARGEST:
            mistakes.append(
                gettext(
                    "Line %(number)d: “%(line)s” needs a name, a colon and a number from −%(largest)d to %(largest)d."
                )
                % where
            )
        elif name in weights:
            mistakes.append(gettext("Line %(number)d: “%(line)s” is there twice.") % where)
        else:
            weights[name] = weight
    if mistakes:
        raise ValidationError(mistakes)
    return weights


class WeightsField(forms.CharField):
    """Events and how much each counts, one a line."""

    widget = forms.Textarea(
        attrs={
            "rows": 8,
            "class": "attune-weights",
            "spellcheck": "false",
            "placeholder": "add_to_cart: 3\npurchase: 5",
        }
    )

    def prepare_value(self, value: Any) -> Any:
        """Show what is stored as lines, and what was typed as it was typed."""
        return weights_as_lines(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Read the lines, and refuse events that nobody declared: a mistyped name would silently count nothing."""
        weights = weights_from_lines(value or "")
        known = {*BUILTIN, *EventType.objects.values_list("name", flat=True)}
        if unknown := [name for name in weights if name not in known]:
            raise ValidationError(
                [gettext("There is no “%(name)s” under What we measure.") % {"name": name} for name in unknown]
            )
        return weights

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what the lines say, not how they are written."""
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True


class EngagementScoreForm(forms.ModelForm):
    """What counts, and for how long."""

    weights = WeightsField(
        label=_("What counts, and how much"),
        required=False,
        help_text=_(
            "One a line: the name of an event, a colon and a number, such as purchase: 5. What is not named counts "
            "nothing; a number below zero takes away."
        ),
    )

    class Meta:
        model = EngagementScore
        fields = ("weights", "half_life_days")
