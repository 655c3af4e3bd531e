"""The admin's form of a goal: what must be true of its event as rows to fill in, without JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracking.event_types import registered
from tracking.goals import is_valid_where
from tracking.models import Goal
from tracking.timeline import OWN_FIELDS

if TYPE_CHECKING:
    GoalModelForm = forms.ModelForm[Goal]
else:  # Django's class takes no parameters when it runs
    GoalModelForm = forms.ModelForm

ROWS: Final = 3
"""So many conditions can be written; who wants more measures an event of its own."""

TESTS: Final[Mapping[str, str | Promise]] = {
    "in": _("is"),
    "not_in": _("is not"),
    "contains": _("contains"),
    "starts_with": _("starts with"),
    "ends_with": _("ends with"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
    "exists": _("is there"),
}

Row = tuple[str, str, str]


def rows_of(where: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The conditions as rows: property, test, value.

    >>> rows_of([{"property": "path", "starts_with": "/shop/"}, {"property": "size", "in": ["42", 42]}])
    [('path', 'starts_with', '/shop/'), ('size', 'in', '42')]
    """
    rows = []
    for one in where:
        ((test, operand),) = ((name, value) for name, value in one.items() if name != "property")
        test = {"is": "in", "is_not": "not_in"}.get(test, test)
        first = operand[0] if isinstance(operand, list) else operand
        rows.append((one["property"], test, "" if test == "exists" else str(first)))
    return rows


def where_of(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows as conditions; a number is looked for as a text, too. Raises ValidationError naming each mistake.

    >>> where_of([("size", "in", "42"), ("", "in", ""), ("value", "at_least", "50")])
    [{'property': 'size', 'in': ['42', 42]}, {'property': 'value', 'at_least': 50}]
    """
    where: list[dict[str, Any]] = []
    mistakes = []
    for name, test, value in ((name.strip(), test, value.strip()) for name, test, value in rows):
        if not name and not value:
            continue
        number = _number(value)
        if not name:
            mistakes.append(gettext("Say of what “%(value)s” is to be asked.") % {"value": value})
        elif test == "exists":
            where.append({"property": name, "exists": True})
        elif not value:
            mistakes.append(gettext("Say what “%(name)s” is compared with.") % {"name": name})
        elif test in ("at_least", "at_most"):
            if number is None:
                mistakes.append(gettext("“%(value)s” is no number.") % {"value": value})
            else:
                where.append({"property": name, test: number})
        elif test in ("in", "not_in"):
            where.append({"property": name, test: [value] if number is None else [value, number]})
        else:
            where.append({"property": name, test: value})
    if mistakes:
        raise ValidationError(mistakes)
    return where


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if abs(number) == float("inf") or number != number:
        return None
    return int(number) if number.is_integer() else number


class ConditionsWidget(forms.MultiWidget):
    """Rows of what, how and with what it is compared."""

    template_name = "tracking/conditions.html"
    use_fieldset = True

    def __init__(self, rows: int = ROWS) -> None:
        widgets: list[forms.Widget] = []
        for number in range(1, rows + 1):
            named = {"number": number}
            widgets += [
                forms.TextInput(
                    attrs={"size": 24, "list": "attune-properties", "aria-label": _("%(number)s: what") % named}
                ),
                forms.Select(choices=list(TESTS.items()), attrs={"aria-label": _("%(number)s: how") % named}),
                forms.TextInput(attrs={"size": 24, "aria-label": _("%(number)s: compared with") % named}),
            ]
        super().__init__(widgets)

    def decompress(self, value: Any) -> list[str | None]:
        """Nothing is filled in; what is comes as parts from `ConditionsField.prepare_value`."""
        return [None] * len(self.widgets)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widgets = context["widget"]["subwidgets"]
        properties = {name for kind in registered().values() for name in kind.properties}
        context["rows"] = [widgets[start : start + 3] for start in range(0, len(widgets), 3)]
        context["properties"] = sorted(OWN_FIELDS) + sorted(properties - OWN_FIELDS)
        return context


class ConditionsField(forms.Field):
    """Conditions as rows, kept as filters of the rule language."""

    widget = ConditionsWidget

    def prepare_value(self, value: Any) -> Any:
        """Conditions as the parts of their rows; what was filled in and is shown again is that already."""
        if not is_valid_where(value):
            return value
        rows = rows_of(value)
        return [part for row in [*rows, *[("", "in", "")] * (ROWS - len(rows))] for part in row]

    def clean(self, value: Any) -> Any:
        parts = [part or "" for part in value or []]
        return where_of([(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts) - 2, 3)])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or []))
        except ValidationError:
            return True


class GoalForm(GoalModelForm):
    """A goal: what happens is picked from what we measure."""

    event = forms.ChoiceField(label=_("What happens"))
    where = ConditionsField(
        label=_("Only where"),
        required=False,
        help_text=_(
            "What comes with the event, or its page: “path” is the part of the address after the site's name. "
            "All that you fill in must be true; empty rows ask nothing."
        ),
    )

    class Meta:
        model = Goal
        fields = ("name", "event", "where", "value_property", "fixed_value", "currency", "within_days", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "event" not in self.fields:  # whoever may only look
            return
        if is_valid_where(self.instance.where) and len(self.instance.where) > ROWS:  # written past this form
            self.fields["where"].widget = ConditionsWidget(len(self.instance.where))
        choices = {kind.name: f"{kind.label} ({kind.name})" for kind in registered().values()}
        if self.instance.event:
            choices.setdefault(
                self.instance.event, gettext("%(name)s: no longer measured") % {"name": self.instance.event}
            )
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)  # noqa: S101  # tells the type checker: it is declared above
        event.choices = [(name, choices[name]) for name in sorted(choices, key=lambda name: choices[name].casefold())]
