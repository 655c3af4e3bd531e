"""From JSON to clauses: everything is looked at, and every mistake is noted at its place."""

from typing import Any, Final, Literal, cast

from personalization.rules import nodes
from personalization.rules.conditions.abandoned import Abandoned, Step
from personalization.rules.conditions.events import Measured, make_events
from personalization.rules.conditions.request import make_request
from personalization.rules.conditions.seen import Seen
from personalization.rules.conditions.segment import Segment
from personalization.rules.conditions.trait import Trait
from personalization.rules.limits import Limits
from personalization.rules.measures import NUMERIC, OF_PROPERTY
from personalization.rules.nodes import Node
from personalization.rules.reading import Reader, Wrong, one_of, place_of
from personalization.rules.windows import WHOLE, Window
from tracking.asking import Filter
from tracking.timeline import Names

KINDS: Final = ("all", "any", "not", "event", "seen", "trait", "segment", "request")
EVENT_KEYS: Final = ("event", "where", "within", "per", "measure", "of", "at_least", "at_most")
ABANDONED_KEYS: Final = ("event", "where", "not_followed_by", "after", "within")
STEP_KEYS: Final = ("event", "where")
EVERYTHING_SO_FAR: Final[Window] = WHOLE


class Parser(Reader):
    """Reads one rule. After `rule()`, `mistakes` tells what is wrong; the node counts only when that is empty."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.conditions = 0

    def rule(self, data: object) -> Node | None:
        """Read a whole rule."""
        node = self.node(data, "$", 0)
        if self.conditions > self.limits.conditions:
            self.note("$", f"{self.conditions} conditions", f"at most {self.limits.conditions}", as_text=True)
        return node

    def node(self, data: object, place: str, level: int) -> Node | None:
        """Read one clause; `level` counts the clauses around it."""
        if not isinstance(data, dict):
            self.note(place, data, f"an object with one of {one_of(KINDS)}")
            return None
        kind = next((kind for kind in KINDS if kind in data), None)
        if kind is None:
            self.note(place, data, f"an object with one of {one_of(KINDS)}")
            return None
        if kind in ("all", "any", "not"):
            return self.joined(kind, data, place, level)
        self.conditions += 1
        read = {
            "event": self.abandoned if "not_followed_by" in data else self.events,
            "seen": self.seen,
            "trait": self.trait,
            "segment": self.segment,
            "request": self.request,
        }[kind]
        before = len(self.mistakes)
        try:
            node = read(data, place)
        except Wrong:
            return None
        return node if len(self.mistakes) == before else None

    def joined(self, kind: str, data: dict[Any, Any], place: str, level: int) -> Node | None:
        """Read all, any or not."""
        self.keys(data, place, (kind,))
        inner = data[kind]
        at = place_of(place, kind)
        if level >= self.limits.levels:
            self.note(at, f"{level + 1} levels", f"at most {self.limits.levels} levels of nesting", as_text=True)
            return None
        if kind == "not":
            node = self.node(inner, at, level + 1)
            return node and nodes.Not([node])
        if not isinstance(inner, list):
            self.note(at, inner, "a list of rules")
            return None
        read = [self.node(clause, place_of(at, number), level + 1) for number, clause in enumerate(inner)]
        clauses = [clause for clause in read if clause is not None]
        return nodes.All(clauses) if kind == "all" else nodes.Any(clauses)

    def events(self, data: dict[Any, Any], place: str) -> Node:
        """Read an Events condition."""
        self.keys(data, place, EVENT_KEYS)
        names = self.attempt(self.names, data, "event", place)
        where = self.where(data, place)
        window = self.optional(self.window, data, "within", place, EVERYTHING_SO_FAR)
        per = self.optional(self.text, data, "per", place, None)
        measure = self.optional(self.measure, data, "measure", place, "count")
        of = self.optional(self.text, data, "of", place, None)
        low, high = self.bounds(data, place, negative=measure is None or measure in NUMERIC)
        if measure is not None:
            if measure in OF_PROPERTY and "of" not in data:
                self.note(place_of(place, "of"), "nothing", f'a property: "{measure}" needs one', as_text=True)
            elif measure not in OF_PROPERTY and "of" in data:
                self.note(place_of(place, "of"), data["of"], f'nothing: "{measure}" measures no property')
            if measure == "sessions" and "per" in data:
                self.note(place_of(place, "per"), data["per"], 'nothing: "sessions" is measured of all events at once')
        if names is None or window is None or measure is None:
            raise Wrong
        if low is None and high is None:
            low = 1
        return make_events(Measured(names, where, window, per, measure, of, low, high))

    def abandoned(self, data: dict[Any, Any], place: str) -> Node:
        """Read an Abandoned condition."""
        self.keys(data, place, ABANDONED_KEYS)
        names = self.attempt(self.names, data, "event", place)
        where = self.where(data, place)
        at = place_of(place, "not_followed_by")
        finished = data["not_followed_by"]
        finished_names: Names | None = None
        finished_where: tuple[Filter, ...] = ()
        if isinstance(finished, dict):
            self.keys(finished, at, STEP_KEYS)
            finished_names = self.attempt(self.names, finished, "event", at)
            finished_where = self.where(finished, at)
        else:
            self.note(at, finished, 'an object with "event"')
        after = self.attempt(self.duration, data, "after", place)
        window = self.optional(self.window, data, "within", place, EVERYTHING_SO_FAR)
        if names is None or finished_names is None or after is None or window is None:
            raise Wrong
        return Abandoned(Step(names, where), Step(finished_names, finished_where), after, window)

    def seen(self, data: dict[Any, Any], place: str) -> Node:
        """Read a Seen condition."""
        self.keys(data, place, ("seen", "within", "beyond"))
        which = data["seen"]
        allowed = ("first", "last", "previous")
        if which not in allowed:
            self.note(place_of(place, "seen"), which, one_of(allowed))
        given = [key for key in ("within", "beyond") if key in data]
        durations = [self.attempt(self.duration, data, key, place) for key in given]
        if len(given) != 1:
            found = "both" if given else "neither"
            raise self.wrong(place, found, 'exactly one of "within" and "beyond"', as_text=True)
        if durations[0] is None or which not in allowed:
            raise Wrong
        return Seen(cast(Literal["first", "last", "previous"], which), durations[0], beyond=given[0] == "beyond")

    def trait(self, data: dict[Any, Any], place: str) -> Node:
        """Read a Trait condition."""
        name = self.attempt(self.text, data, "trait", place)
        test = self.test(data, place, "trait")
        if name is None or test is None:
            raise Wrong
        return Trait(name, test)

    def segment(self, data: dict[Any, Any], place: str) -> Node:
        """Read a Segment condition."""
        self.keys(data, place, ("segment",))
        return Segment(self.text(data["segment"], place_of(place, "segment")))

    def request(self, data: dict[Any, Any], place: str) -> Node:
        """Read a Request condition."""
        field = self.attempt(self.text, data, "request", place)
        test = self.test(data, place, "request")
        if field is None or test is None:
            raise Wrong
        return make_request(field, test)
