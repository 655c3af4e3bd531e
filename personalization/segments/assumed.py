"""A visitor who is assumed, so that somebody can see what such a visitor would see. Nothing of anybody real is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from personalization.profiles.head import Head, Known, configuration_version
from personalization.profiles.traits import Plain
from personalization.rules import Reason
from personalization.rules.facts import Traits
from personalization.segments.judging import ask, with_computed
from personalization.segments.presence import NOT_AGREED, NOT_KNOWN, Presence
from personalization.segments.published import Published, published
from personalization.segments.request_fields import RequestFields
from tracking.timeline import Timeline

ASSUMED: Final = Reason(True, gettext_noop("Assumed for this preview."))


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed about a visitor who has done nothing yet. What is empty is as the request has it."""

    segments: tuple[str, ...] = ()
    """They are in these, whatever the rules say; about all others the rules decide."""
    known: Mapping[str, Plain] = field(default_factory=dict)
    agreed: bool = True
    """They agreed to personalization; if not, only rules about the request are asked."""
    country: str = ""
    language: str = ""
    device: str = ""
    logged_in: bool = False
    is_team: bool = False
    at: datetime | None = None
    """When they look; None is now."""


class AssumedPresence(Presence):
    """The answers of a request as the assumed visitor would get them."""

    unasked = (*Presence.unasked, ASSUMED)

    def __init__(
        self, request: HttpRequest, now: datetime, assumed: Assumed, *, rules: Callable[[int], Published] = published
    ) -> None:
        super().__init__(request, assumed.at or now)
        self._assumed, self._rules = assumed, rules
        self.is_by_other_rules = rules is not published
        self._fields = AssumedFields(request, assumed)
        self.is_private = True

    @cached_property
    def _published(self) -> Published:
        version = self.version
        return self.asked(lambda: self._rules(version))

    def is_team(self) -> bool:
        """As it is assumed."""
        return self._assumed.is_team

    @cached_property
    def visitor(self) -> str:
        """Nobody's id, and the same in every preview."""
        return "assumed" if self._assumed.agreed else ""

    def _read_known(self) -> Known:
        head = Head(judged=False, proven_from=self.now, traits=dict(self._assumed.known))
        return Known(head if self._assumed.agreed else None, configuration_version())

    @cached_property
    def _traits(self) -> Traits:
        if not self._assumed.agreed:
            return {}
        return {**with_computed(self._published, Timeline(), {}, self.now), **self._assumed.known}

    def matches(self, key: str) -> bool:
        """Whether the segment is assumed, or its rule, or that of a source, holds of what is."""
        rule = self._published.rules.get(key)
        if rule is None or rule.trouble:
            return False
        if key not in self._contextual:
            self._contextual[key] = self._may_ask(rule) and (
                key in self._assumed.segments or ask(rule, self._facts_for(rule), self.now).matches
            )
        return self._contextual[key]

    def why(self, key: str) -> Reason:
        """The same, clause by clause."""
        rule = self._published.rules.get(key)
        if rule is None:
            return NOT_KNOWN
        if not rule.trouble and not self._may_ask(rule):
            return NOT_AGREED
        return ASSUMED if key in self._assumed.segments and not rule.trouble else super().why(key)


class AssumedFields(RequestFields):
    """The fields of the request, but for what is assumed."""

    def __init__(self, request: HttpRequest, assumed: Assumed) -> None:
        super().__init__(request)
        given = {"country": assumed.country, "language": assumed.language, "device": assumed.device}
        self._found |= {name: value for name, value in given.items() if value}
        self._found |= {"logged_in": assumed.logged_in, "group": None}

    _found: dict[str, Any]
