"""The model field that holds a rule: JSON, validated so that every mistake is named with its place."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


def rule_mistakes(value: Any) -> list[str]:
    """Every mistake of the rule as a line "place: what was found; what is allowed"; empty if it is a rule."""
    from personalization.rules import InvalidRule, Rule

    try:
        Rule.parse(value)
    except InvalidRule as error:
        return [str(mistake) for mistake in error.errors]
    return []


class RuleField(models.JSONField):
    """A rule of `personalization.rules` as JSON."""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if mistakes := rule_mistakes(value):
            raise ValidationError([ValidationError(mistake, code="rule") for mistake in mistakes])
