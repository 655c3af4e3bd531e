"""Forms of the admin: what we measure, without JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.purposes import PURPOSES, codes_of, mask_of
from tracking.event_types import KINDS, Kind
from tracking.models import EventType

KIND_NAMES: Final[Mapping[Kind, str | Promise]] = {
    "text": _("text"),
    "number": _("number"),
    "boolean": _("yes or no"),
    "any": _("anything"),
}


def properties_as_lines(properties: Mapping[str, str]) -> str:
    """Return one line for each property.

    >>> properties_as_lines({"color": "text", "size": "number"})
    'color: text\\nsize: number'
    """
    return "\n".join(f"{name}: {kind}" for name, kind in properties.items())


def properties_from_lines(text: str) -> dict[str, str]:
    """Return the properties in lines of `name: kind` (a name alone: text). Raises ValidationError naming each mistake.

    >>> properties_from_lines("color\\nsize: number")
    {'color': 'text', 'size': 'number'}
    """
    properties: dict[str, str] = {}
    mistakes = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _colon, kind = (part.strip() for part in line.partition(":"))
        kind = kind.lower() or "text"
        where = {"number": number, "line": line.strip()}
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name):
            mistakes.append(gettext("Line %(number)d: “%(line)s” needs a name of small letters, digits and _.") % where)
        elif kind not in KINDS:
            mistakes.append(
                gettext("Line %(number)d: “%(line)s” needs one of %(kinds)s after the colon.")
                % {**where, "kinds": ", ".join(KINDS)}
            )
        elif name in properties:
            mistakes.append(gettext("Line %(number)d: “%(line)s” is there twice.") % where)
        else:
            properties[name] = kind
    if mistakes:
        raise ValidationError(mistakes)
    return properties


class PropertiesField(forms.CharField):
    """Properties, one a line."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "placeholder": "color: text\nsize: number"})

    def prepare_value(self, value: Any) -> Any:
        return properties_as_lines(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        return properties_from_lines(value or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True


class PurposesField(forms.MultipleChoiceField):
    """Purposes as boxes to tick, kept as bits."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(purpose.code, purpose.title) for purpose in PURPOSES], **options)

    def prepare_value(self, value: Any) -> Any:
        return sorted(codes_of(value)) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        return mask_of(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class EventTypeForm(forms.ModelForm):
    """What we measure: lines instead of JSON, boxes instead of bits."""

    purposes = PurposesField(
        label=_("Serves"), help_text=_("It is kept only of visitors who agreed to one of these, and used for no other.")
    )
    properties = PropertiesField(
        label=_("What comes with it"),
        required=False,
        help_text=_("One a line: a name, a colon, and text, number, boolean or any. Everything else is left out."),
    )

    class Meta:
        model = EventType
        fields = ("name", "label", "purposes", "properties", "enabled", "by_visitor")


class ReasonForm(forms.Form):
    """Why somebody looks at a visitor."""

    reason = forms.CharField(
        label=_("What do you look at this visitor for?"),
        min_length=10,
        max_length=500,
        widget=forms.TextInput(attrs={"size": 80, "autocomplete": "off"}),
        help_text=_(
            "One sentence, such as: “The cart reminder did not show; ticket 4711.” Privacy officers can read it."
        ),
    )
