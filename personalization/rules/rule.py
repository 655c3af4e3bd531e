"""A rule: parsed once, asked often."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self, final

from personalization.rules.describing import Told, describe, tell
from personalization.rules.errors import InvalidRule, Mistake
from personalization.rules.facts import Facts, Reason, Verdict
from personalization.rules.limits import Limits
from personalization.rules.nodes import NO_TIME, Answer, Node
from personalization.rules.parsing import Parser
from tracking.timeline import ALL, Names

DEFAULT_LIMITS = Limits()


def in_utc(now: datetime) -> datetime:
    """Return the same moment in UTC."""
    if now.tzinfo is UTC:
        return now
    if now.tzinfo is None:
        raise ValueError("A rule is asked at a time with a time zone; pass an aware datetime.")
    return now.astimezone(UTC)


@final
class Rule:
    """A rule of the rule language.

    >>> rule = Rule.parse({"event": "view_item", "within": "10m", "at_least": 3})
    >>> rule.evaluate(Facts(), datetime(2026, 11, 20, tzinfo=UTC))
    Verdict(matches=False, until=None, reason=None)
    >>> rule.describe()
    'Viewed an item at least 3 times in the last 10 minutes.'
    """

    __slots__ = ("_json", "_node", "answer", "event_names", "horizon", "is_contextual", "segments", "traits")

    event_names: Names
    """The names of the events that can change its answer, or `ALL`."""
    traits: frozenset[str]
    """The traits that it asks about."""
    segments: frozenset[str]
    """The slugs of the segments that it asks about."""
    horizon: timedelta | None
    """How far back it looks; None: without end."""
    is_contextual: bool
    """Whether it asks about a request (segments that it names may do so besides)."""
    answer: Callable[[Facts, datetime], Answer]
    """What `evaluate` says at a time in UTC, as a pair: for whoever asks many rules at one time."""

    def __init__(self, node: Node, text: str) -> None:
        """Take a parsed clause and its JSON text; use `Rule.parse`."""
        self._node = node
        self.answer = node.judge
        self._json = text
        leaves = list(node.leaves())
        names: set[str] = set()
        self.event_names = frozenset()
        for leaf in leaves:
            if leaf.event_names is ALL:
                self.event_names = ALL
                break
            names |= leaf.event_names
        else:
            self.event_names = frozenset(names)
        self.traits = frozenset().union(*(leaf.traits for leaf in leaves))
        self.segments = frozenset().union(*(leaf.segments for leaf in leaves))
        horizons = [leaf.horizon for leaf in leaves]
        self.horizon = NO_TIME
        for horizon in horizons:
            if horizon is None:
                self.horizon = None
                break
            self.horizon = max(self.horizon, horizon)
        self.is_contextual = any(leaf.is_contextual for leaf in leaves)

    @classmethod
    def parse(cls, data: object, limits: Limits = DEFAULT_LIMITS) -> Self:
        """Return the rule that this JSON data is; raises `InvalidRule` with every mistake in it. Evaluates nothing."""
        parser = Parser(limits)
        node = parser.rule(data)
        if parser.mistakes or node is None:
            raise InvalidRule(parser.mistakes)
        return cls(node, json.dumps(data, ensure_ascii=False))

    def beyond(self, limits: Limits) -> tuple[Mistake, ...]:
        """Return where the rule goes beyond these limits: they may be lower than those under which it was stored."""
        try:
            Rule.parse(self.to_json(), limits)
        except InvalidRule as error:
            return error.errors
        return ()

    @property
    def asks_requests_only(self) -> bool:
        """Whether it is made of Request conditions alone: all that may be asked of somebody who agreed to nothing."""
        leaves = list(self._node.leaves())
        return bool(leaves) and all(leaf.is_contextual for leaf in leaves)

    def evaluate(self, facts: Facts, now: datetime, explain: bool = False) -> Verdict:
        """Return the truth at `now` (aware), until when time alone cannot change it, and with `explain` the reason."""
        now = in_utc(now)
        matches, until = self.answer(facts, now)
        return Verdict(matches, until, self._node.explain(facts, now) if explain else None)

    def describe(self, gettext: Callable[[str], str] = str) -> str:
        """Return the rule as one plain sentence."""
        return describe(self._node, gettext)

    def tell(self, reason: Reason, gettext: Callable[[str], str] = str) -> Told:
        """Return the reason of a verdict of this rule in the words of `describe`, clause by clause.

        >>> rule = Rule.parse({"event": "view_item", "at_least": 2})
        >>> verdict = rule.evaluate(Facts(), datetime(2026, 11, 20, tzinfo=UTC), explain=True)
        >>> verdict.reason and rule.tell(verdict.reason)
        Told(matches=False, text='Viewed an item at least 2 times.', found='never', children=())
        """
        return tell(self._node, reason, gettext)

    def to_json(self) -> Any:
        """Return the rule as JSON data: what was parsed, and nobody else's to change."""
        return json.loads(self._json)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self._canonical() == other._canonical()

    def __hash__(self) -> int:
        return hash(self._canonical())

    def __repr__(self) -> str:
        return f"Rule.parse({self._json})"

    def _canonical(self) -> str:
        return json.dumps(json.loads(self._json), sort_keys=True)
