"""The model field that holds a rule: JSON, validated so that every mistake is named with its place."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext as _

from personalization.rules import InvalidRule, Rule


def rule_mistakes(value: Any) -> list[str]:
    """Every mistake of the rule as a line "place: what was found; what is allowed"; empty if it is a rule."""
    if unstorable := _unstorable_at(value):
        return [_("%(place)s: found a character that no text may hold; allowed: text") % {"place": unstorable}]
    try:
        Rule.parse(value)
    except InvalidRule as error:
        return [str(mistake) for mistake in error.errors]
    return []


def _unstorable_at(value: Any, place: str = "$", level: int = 0) -> str:
    """Where a text holds what PostgreSQL refuses (NUL, half a surrogate pair); empty if nowhere.

    >>> _unstorable_at({"all": [{"event": chr(0)}]})
    '$.all[0].event'
    """
    if level > 50:  # far beyond what the language allows: parsing says so
        return ""
    match value:
        case str():
            return place if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value) else ""
        case dict():
            for name, member in value.items():
                if found := _unstorable_at(name, place) or _unstorable_at(member, f"{place}.{name}", level + 1):
                    return found
        case list():
            for number, member in enumerate(value):
                if found := _unstorable_at(member, f"{place}[{number}]", level + 1):
                    return found
    return ""


def read_rule(text: str) -> Any:
    """The JSON of a rule as an editor typed it.

    Raises:
        ValidationError: it is no JSON, and where it stops being that.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = _("Line %(line)s, column %(column)s: this is not JSON (%(what)s).") % {
            "line": error.lineno,
            "column": error.colno,
            "what": error.msg,
        }
    except RecursionError:
        message = _("The rule is nested too deeply.")
    except ValueError:
        message = _("A number has too many digits.")
    raise ValidationError(message, code="invalid")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class RuleFormField(forms.JSONField):
    """A rule as text in a form; where it is no JSON, the message says where."""

    def to_python(self, value: Any) -> Any:
        if not self.disabled and isinstance(value, str) and value.strip():
            read_rule(value)
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Indented JSON; half a surrogate pair, which no page can hold, stays escaped."""
        if isinstance(value, InvalidJSONInput):
            return value
        text = json.dumps(value, indent=2, ensure_ascii=False, cls=self.encoder)
        return text if _is_text(text) else json.dumps(value, indent=2, cls=self.encoder)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, to be shown again: as it was typed, where it is nested too deeply to be read."""
        try:
            return super().bound_data(data, initial)
        except (RecursionError, ValueError):
            return InvalidJSONInput(data)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, data)
        except (RecursionError, ValueError):
            return True


class RuleField(models.JSONField):
    """A rule of `personalization.rules` as JSON."""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if mistakes := rule_mistakes(value):
            raise ValidationError([ValidationError(mistake, code="rule") for mistake in mistakes])

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # No hidden copy of the default, which Django adds where that is a function: it would change with every error.
        return super().formfield(**{"form_class": RuleFormField, "show_hidden_initial": False, **kwargs})
