"""Goals: what a visit is hoped to lead to. An event, what must be true of it, and what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from tracking.asking import Test, make_test
from tracking.models import Goal
from tracking.timeline import OWN_FIELDS, Page, Value, own_fields_of


@dataclass(frozen=True)
class Happened:
    """One event that may reach a goal; its own fields are worked out when a condition asks for one."""

    name: str
    page: Page
    properties: Mapping[str, Value]
    device: str = ""

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """The event's own fields (`tracking.timeline.OWN_FIELDS`)."""
        return own_fields_of(self.page, self.device)

    def value_of(self, name: str) -> Value:
        """A property, or the own field that hides it; None when it is missing."""
        return self.fields.get(name) if name in OWN_FIELDS else self.properties.get(name)


@dataclass(frozen=True)
class CompiledGoal:
    """A goal as reports ask it."""

    pk: int
    name: str
    event: str
    where: tuple[tuple[str, Test], ...]
    value_property: str
    fixed_value: Decimal | None
    currency: str
    within_days: int

    def is_reached_by(self, happened: Happened) -> bool:
        """Whether this event reaches it."""
        return happened.name == self.event and all(test.check(happened.value_of(name)) for name, test in self.where)

    def value_of(self, happened: Happened) -> float:
        """What an event that reaches it is worth. In another currency: nothing, for sums of two say nothing."""
        if self.fixed_value is not None:
            return float(self.fixed_value)
        value = happened.properties.get(self.value_property) if self.value_property else None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return 0.0
        said = happened.properties.get("currency")
        return 0.0 if self.currency and isinstance(said, str) and said.upper() != self.currency else float(value)

    @property
    def has_value(self) -> bool:
        """Whether reaching it is worth something that can be counted."""
        return bool(self.value_property) or self.fixed_value is not None


def compile_goal(goal: Goal) -> CompiledGoal:
    """Make a goal ready to be asked. Its conditions must be valid (`where_mistake`)."""
    return CompiledGoal(
        pk=goal.pk,
        name=goal.name,
        event=goal.event,
        where=tuple(
            (one["property"], make_test({k: v for k, v in one.items() if k != "property"})) for one in goal.where
        ),
        value_property=goal.value_property,
        fixed_value=goal.fixed_value,
        currency=goal.currency.upper(),
        within_days=goal.within_days,
    )


def counted_goals() -> tuple[CompiledGoal, ...]:
    """The goals that reports count, by name; what somebody wrote past the admin and nobody can ask is left out."""
    return tuple(compile_goal(goal) for goal in Goal.objects.filter(enabled=True) if is_valid_where(goal.where))


def is_valid_where(where: object) -> bool:
    """Whether these are conditions: filters of the rule language, with the tests that goals use.

    >>> is_valid_where([{"property": "path", "starts_with": "/shop/"}, {"property": "value", "at_least": 50}])
    True
    >>> is_valid_where([{"property": "path"}]), is_valid_where([{"property": "path", "matches": "("}])
    (False, False)
    """
    return isinstance(where, list) and all(map(_is_filter, where))


def _is_filter(one: object) -> bool:
    if not isinstance(one, dict) or len(one) != 2 or not isinstance(one.get("property"), str):
        return False
    ((test, operand),) = ((name, value) for name, value in one.items() if name != "property")
    check = _OPERANDS.get(test)
    return check is not None and check(operand)


def _is_text(operand: object) -> bool:
    return isinstance(operand, str) and bool(operand)


def _is_number(operand: object) -> bool:
    return isinstance(operand, (int, float)) and not isinstance(operand, bool)


def _is_list(operand: object) -> bool:
    return isinstance(operand, list) and bool(operand) and all(isinstance(one, (str, int, float)) for one in operand)


_OPERANDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "is": lambda operand: isinstance(operand, (str, int, float)),
    "is_not": lambda operand: isinstance(operand, (str, int, float)),
    "in": _is_list,
    "not_in": _is_list,
    "at_least": _is_number,
    "at_most": _is_number,
    "contains": _is_text,
    "starts_with": _is_text,
    "ends_with": _is_text,
    "exists": lambda operand: isinstance(operand, bool),
}
