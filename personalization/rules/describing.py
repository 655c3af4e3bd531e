"""A rule as one sentence that an editor reads."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from personalization.rules import nodes
from personalization.rules.conditions.abandoned import Abandoned
from personalization.rules.conditions.events import Events
from personalization.rules.conditions.request import Request
from personalization.rules.conditions.seen import Seen
from personalization.rules.conditions.segment import Segment
from personalization.rules.conditions.trait import Trait
from personalization.rules.durations import spell_duration
from personalization.rules.facts import Reason
from personalization.rules.nodes import Node
from personalization.rules.windows import Between, SessionWindow, Span, Window
from tracking.asking import Filter
from tracking.timeline import Everything, Names

Translate: TypeAlias = Callable[[str], str]


def describe(node: Node, gettext: Translate = str) -> str:
    """Return the clause as a sentence; `gettext` translates its parts."""
    return f"{with_capital(Wording(gettext).clause(node))}."


class Told(NamedTuple):
    """A reason in plain words: whether a clause holds, what it asks, what was found, and the clauses inside it."""

    matches: bool
    text: str
    found: str = ""
    children: tuple["Told", ...] = ()


def tell(node: Node, reason: Reason, gettext: Translate = str) -> Told:
    """Return what `node.explain` gave as its reason in the words of `describe`."""
    _ = gettext
    match node:
        case nodes.Joined(nodes=()) | nodes.Condition():
            return Told(reason.matches, describe(node, gettext), reason.found)
        case nodes.Joined(nodes=(only,)) if not isinstance(node, nodes.Not):
            return tell(only, reason.children[0], gettext)
        case nodes.Joined():
            children = zip(node.nodes, reason.children, strict=True)
            joint = {nodes.All: _("All of these:"), nodes.Any: _("At least one of these:"), nodes.Not: _("Not so:")}
            inside = tuple(tell(child, inner, gettext) for child, inner in children)
            return Told(reason.matches, joint[type(node)], children=inside)
    raise TypeError(f"No words for {type(node).__name__}.")


def with_capital(text: str) -> str:
    """Return the text with its first letter large, behind brackets too.

    >>> with_capital("(bought something or searched the site)")
    '(Bought something or searched the site)'
    """
    bare = text.lstrip("(")
    return f"{text[: len(text) - len(bare)]}{bare[:1].upper()}{bare[1:]}"


def number(value: float) -> str:
    """Return a number without needless zeros.

    >>> number(3), number(3.0), number(0.5)
    ('3', '3', '0.5')
    """
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def plain(name: str) -> str:
    """Return the name of a property as words.

    >>> plain("item_category")
    'item category'
    """
    return name.replace("_", " ")


class Wording:
    """The words of one language for every kind of clause."""

    def __init__(self, gettext: Translate) -> None:
        self.gettext = gettext

    def clause(self, node: Node, *, inside: bool = False, followed: bool = False) -> str:
        """Return a clause without capital and full stop.

        `inside` another one, joined clauses get brackets; `followed` by others, a negated one does: else it would
        read as if all that follows was negated, too.
        """
        _ = self.gettext
        match node:
            case nodes.Joined(nodes=()):
                return _("everybody") if isinstance(node, nodes.All) else _("nobody")
            case nodes.Not():
                text = _("not so: {clause}").format(clause=self.clause(node.nodes[0], inside=True))
                return f"({text})" if followed else text
            case nodes.Joined(nodes=(only,)):
                return self.clause(only, inside=inside, followed=followed)
            case nodes.Joined():
                joint = _("{one} and {other}") if isinstance(node, nodes.All) else _("{one} or {other}")
                last = len(node.nodes) - 1
                text, *others = [
                    self.clause(child, inside=True, followed=place < last) for place, child in enumerate(node.nodes)
                ]
                for other in others:
                    text = joint.format(one=text, other=other)
                return f"({text})" if inside else text
            case Events():
                return self.events(node)
            case Abandoned():
                return self.abandoned(node)
            case Seen():
                return self.seen(node)
            case Trait():
                return _("“{name}”, known about the visitor, {test}").format(
                    name=plain(node.name), test=self.test(node.test.operands)
                )
            case Segment():
                return _("is in the segment “{slug}”").format(slug=node.slug)
            case Request():
                return f"{self.field(node.field)} {self.test(node.test.operands)}"
        raise TypeError(f"No words for {type(node).__name__}.")

    # Behavior

    def events(self, node: Events) -> str:
        """Return what was done, how often, when and with what."""
        _ = self.gettext
        asks = node.asks
        did = self.did(asks.names)
        of = plain(asks.of or "")
        bounds = self.bounds(asks.low, asks.high)
        match asks.measure:
            case "count":
                if asks.high == 0:
                    text = _("never {did}").format(did=did)
                elif asks.low == 1 and asks.high is None:
                    text = did
                else:
                    text = _("{did} {times}").format(did=did, times=self.times(asks.low, asks.high))
            case "sum":
                text = _("{did} with {property} adding up to {bounds}").format(did=did, property=of, bounds=bounds)
            case "average":
                text = _("{did} with an average {property} of {bounds}").format(did=did, property=of, bounds=bounds)
            case "minimum":
                text = _("{did} with a smallest {property} of {bounds}").format(did=did, property=of, bounds=bounds)
            case "maximum":
                text = _("{did} with a largest {property} of {bounds}").format(did=did, property=of, bounds=bounds)
            case "distinct" if asks.of == "item_id":
                text = _("{did}, {bounds} different ones").format(did=did, bounds=bounds)
            case "distinct":
                text = _("{did} with {bounds} different values of {property}").format(
                    did=did, property=of, bounds=bounds
                )
            case "sessions":
                text = _("{did} in {bounds} different visits").format(did=did, bounds=bounds)
            case _:
                text = _("{did}, from the first to the last time {bounds} seconds").format(did=did, bounds=bounds)
        if asks.per == "session":
            text = _("{text} in one visit").format(text=text)
        elif asks.per is not None:
            text = _("{text} with the same {property}").format(text=text, property=plain(asks.per))
        return f"{text}{self.window(asks.window)}{self.where(asks.where)}"

    def abandoned(self, node: Abandoned) -> str:
        """Return what was begun and not finished."""
        _ = self.gettext
        return _(
            "last {begun}{window}{where} at least {after} ago and has not {finished}{finished_where} since"
        ).format(
            begun=self.did(node.begun.names),
            window=self.window(node.window),
            where=self.where(node.begun.where),
            after=self.duration(node.text),
            finished=self.did(node.finished.names),
            finished_where=self.where(node.finished.where),
        )

    def seen(self, node: Seen) -> str:
        """Return when the visitor came."""
        _ = self.gettext
        match node.which, node.beyond:
            case "first", False:
                text = _("came for the first time{last}")
            case "first", True:
                text = _("came for the first time at least {duration} ago")
            case "last", False:
                text = _("was here{last}")
            case "last", True:
                text = _("was last here at least {duration} ago")
            case _, False:
                text = _("was here before this visit,{last}")
            case _:
                text = _("was here before this visit, at least {duration} ago")
        return text.format(duration=self.duration(node.text), last=self.last(node.text))

    def did(self, names: Names) -> str:
        """Return what a visitor did who sent one of these events."""
        _ = self.gettext
        if isinstance(names, Everything):
            return _("did anything")
        # The labels of tracking.event_types.BUILTIN. Their verbs also stand behind “has not”.
        known = {
            "view_item": _("viewed an item"),
            "view_item_list": _("viewed a list of items"),
            "select_item": _("picked an item from a list"),
            "add_to_cart": _("added something to the cart"),
            "remove_from_cart": _("removed something from the cart"),
            "view_cart": _("viewed the cart"),
            "add_to_wishlist": _("added something to the wish list"),
            "begin_checkout": _("started the checkout"),
            "add_shipping_info": _("picked a delivery"),
            "add_payment_info": _("picked a payment"),
            "purchase": _("bought something"),
            "refund": _("received a refund"),
            "view_promotion": _("viewed a promotion"),
            "select_promotion": _("clicked a promotion"),
            "page_view": _("viewed a page"),
            "user_engagement": _("spent time on a page"),
            "scroll": _("scrolled a page"),
            "click": _("clicked something"),
            "file_download": _("downloaded a file"),
            "search": _("searched the site"),
            "view_search_results": _("viewed search results"),
            "select_content": _("picked content"),
            "share": _("shared something"),
            "sign_up": _("signed up"),
            "login": _("logged in"),
            "join_group": _("joined a group"),
            "generate_lead": _("left contact data"),
            "qualify_lead": _("turned into a promising contact"),
            "close_convert_lead": _("turned into a customer"),
            "form_start": _("started a form"),
            "form_submit": _("sent a form"),
            "tutorial_begin": _("started a tutorial"),
            "tutorial_complete": _("finished a tutorial"),
            "video_start": _("started a video"),
            "video_progress": _("watched part of a video"),
            "video_complete": _("watched a whole video"),
            "hover": _("stayed over something"),
            "form_abandon": _("left a form unfinished"),
            "section_view": _("viewed a section"),
            "rage_click": _("clicked again and again"),
            "exit_intent": _("moved to leave the page"),
            "block_view": _("viewed a block"),
            "block_click": _("clicked in a block"),
        }
        phrases = [known.get(name) or _("did “{name}”").format(name=name) for name in sorted(names)]
        text, *others = phrases
        for other in others:
            text = _("{one} or {other}").format(one=text, other=other)
        return text

    def times(self, low: float | None, high: float | None) -> str:
        """Return how often."""
        _ = self.gettext
        if low is not None and low == high:
            return _("exactly once") if low == 1 else _("exactly {number} times").format(number=number(low))
        if low is None and high is not None:
            return _("at most once") if high == 1 else _("at most {number} times").format(number=number(high))
        if high is None and low is not None:
            return _("at least once") if low == 1 else _("at least {number} times").format(number=number(low))
        return _("{low} to {high} times").format(low=number(low or 0), high=number(high or 0))

    def window(self, window: Window) -> str:
        """Return when, with a leading space."""
        _ = self.gettext
        match window:
            case Span():
                return self.last(window.text)
            case SessionWindow(previous=True):
                return _(" in the visit before")
            case SessionWindow():
                return _(" in this visit")
            case Between():
                start, end = (f"{at:%Y-%m-%d %H:%M} UTC" for at in (window.start, window.end))
                return _(" from {start} until {end}").format(start=start, end=end)
        return ""

    def last(self, text: str) -> str:
        """Return how long ago at most, with a leading space."""
        _ = self.gettext
        if text[:-1] == "1":
            units = {
                "s": _(" in the last second"),
                "m": _(" in the last minute"),
                "h": _(" in the last hour"),
                "d": _(" in the last day"),
                "w": _(" in the last week"),
            }
            return units[text[-1]]
        return _(" in the last {duration}").format(duration=self.duration(text))

    def where(self, filters: tuple[Filter, ...]) -> str:
        """Return which events only, with a leading comma."""
        _ = self.gettext
        if not filters:
            return ""
        text, *others = [f"{self.own_field(filter_.name)} {self.test(filter_.test.operands)}" for filter_ in filters]
        for other in others:
            text = _("{one} and {other}").format(one=text, other=other)
        return _(" (only where {filters})").format(filters=text)

    # Values

    def bounds(self, low: float | None, high: float | None) -> str:
        """Return how much."""
        _ = self.gettext
        if low is not None and low == high:
            return _("exactly {number}").format(number=number(low))
        if low is None and high is not None:
            return _("at most {number}").format(number=number(high))
        if high is None and low is not None:
            return _("at least {number}").format(number=number(low))
        return _("{low} to {high}").format(low=number(low or 0), high=number(high or 0))

    def duration(self, text: str) -> str:
        """Return a duration in words."""
        return spell_duration(text, self.gettext)

    def value(self, value: Any) -> str:
        """Return a value as it is read."""
        _ = self.gettext
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return f"“{value}”" if isinstance(value, str) else number(value)

    def values(self, values: list[Any]) -> str:
        """Return a list of values as it is read."""
        return ", ".join(self.value(value) for value in values) or self.gettext("nothing")

    def test(self, operands: dict[str, Any]) -> str:
        """Return what is asked of a value."""
        _ = self.gettext
        if "at_least" in operands or "at_most" in operands:
            bounds = self.bounds(operands.get("at_least"), operands.get("at_most"))
            return _("is {bounds}").format(bounds=bounds)
        ((name, operand),) = operands.items()
        match name:
            case "in":
                return _("is one of {values}").format(values=self.values(operand))
            case "not_in":
                return _("is none of {values}").format(values=self.values(operand))
            case "exists":
                return _("is known") if operand else _("is not known")
        words = {
            "is": _("is {value}"),
            "is_not": _("is not {value}"),
            "contains": _("contains {value}"),
            "starts_with": _("starts with {value}"),
            "ends_with": _("ends with {value}"),
            "matches": _("matches the pattern {value}"),
        }
        return words[name].format(value=self.value(operand))

    def own_field(self, name: str) -> str:
        """Return what a filter asks about."""
        _ = self.gettext
        known = {
            "path": _("the page's path"),
            "host": _("the page's host"),
            "title": _("the page's title"),
            "referrer_host": _("the site that the visitor came from"),
            "utm_source": _("the campaign's source"),
            "utm_medium": _("the campaign's medium"),
            "utm_campaign": _("the campaign"),
            "device": _("the device"),
        }
        return known.get(name) or plain(name)

    def field(self, name: str) -> str:
        """Return what a condition asks about the request."""
        _ = self.gettext
        kind, _dot, rest = name.partition(".")
        if rest and kind == "query":
            return _("“{name}” in the page's address").format(name=rest)
        if rest and kind == "cookie":
            return _("the cookie “{name}”").format(name=rest)
        known = {
            "country": _("the country"),
            "language": _("the language"),
            "browser": _("the browser"),
            "os": _("the operating system"),
            "logged_in": _("being logged in"),
            "group": _("the user group"),
            "weekday": _("the day of the week"),
            "hour": _("the hour of the day"),
        }
        return known.get(name) or self.own_field(name)
