"""The rule language read as plainly as possible, without the evaluator's code: the oracle it is compared with.

Slow on purpose: every question goes over the whole timeline, and nothing is remembered. It says only what is true.
"""

import math
import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from personalization.rules import Decaying, Facts
from tracking.timeline import Event

HALF_HOUR = timedelta(minutes=30)


def holds(rule: dict[str, Any], facts: Facts, now: datetime) -> bool:
    """Say whether the rule (valid JSON data) holds."""
    if "all" in rule:
        return all(holds(inner, facts, now) for inner in rule["all"])
    if "any" in rule:
        return any(holds(inner, facts, now) for inner in rule["any"])
    if "not" in rule:
        return not holds(rule["not"], facts, now)
    past = [event for event in facts.timeline.events if event.occurred_at <= now]
    if "not_followed_by" in rule:
        return abandoned(rule, past, now)
    if "event" in rule:
        return counted(rule, past, now)
    if "seen" in rule:
        return seen(rule, past, now)
    if "trait" in rule:
        return trait(rule, facts, now)
    if "segment" in rule:
        return rule["segment"] in facts.segments
    return request(rule, facts, now)


def duration(text: str) -> timedelta:
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}[text[-1]]
    return timedelta(seconds=int(text[:-1]) * seconds)


def sessions(past: list[Event]) -> list[list[Event]]:
    found: list[list[Event]] = []
    for event in past:
        if found and event.occurred_at - found[-1][-1].occurred_at <= HALF_HOUR:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def current_and_previous(past: list[Event], now: datetime) -> tuple[list[Event], list[Event]]:
    runs = sessions(past)
    if not runs:
        return [], []
    if now - runs[-1][-1].occurred_at <= HALF_HOUR:
        return runs[-1], runs[-2] if len(runs) > 1 else []
    return [], runs[-1]


def in_window(window: Any, past: list[Event], now: datetime) -> list[Event]:
    if window is None:
        return past
    if window == "session":
        return current_and_previous(past, now)[0]
    if window == "previous_session":
        return current_and_previous(past, now)[1]
    if isinstance(window, dict):
        start, end = (datetime.fromisoformat(window[key]) for key in ("from", "to"))
        return [event for event in past if start <= event.occurred_at < end]
    return [event for event in past if now - duration(window) < event.occurred_at <= now]


def own(name: str, event: Event) -> Any:
    """Return the event's own field, or the property, of this name."""
    try:
        url = urlsplit(event.page.url)
        path, host, query = url.path, (url.hostname or "").lower(), url.query
    except ValueError:
        path = host = query = ""
    try:
        referrer_host = (urlsplit(event.page.referrer).hostname or "").lower()
    except ValueError:
        referrer_host = ""
    first = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
    fields = {
        "path": path,
        "host": host,
        "title": event.page.title,
        "referrer_host": referrer_host,
        "device": event.device,
        **{key: first.get(key, "") for key in ("utm_source", "utm_medium", "utm_campaign")},
    }
    if name in fields:
        return fields[name] or None
    return event.properties.get(name)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(one: Any, other: Any) -> bool:
    """Say whether `is` takes two values for the same."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return is_number(one) and is_number(other) and bool(one == other)


def passes(test: dict[str, Any], value: Any) -> bool:
    """Say whether a value passes the tests among the keys of a condition or filter."""
    if "exists" in test:
        return bool((value is not None) == test["exists"])
    if value is None:
        return False
    members = list(value) if isinstance(value, (list, tuple)) else [value]
    if "is" in test:
        return any(same(member, test["is"]) for member in members)
    if "is_not" in test:
        return not any(same(member, test["is_not"]) for member in members)
    if "in" in test:
        return any(same(member, operand) for member in members for operand in test["in"])
    if "not_in" in test:
        return not any(same(member, operand) for member in members for operand in test["not_in"])
    if "at_least" in test or "at_most" in test:
        return is_number(value) and test.get("at_least", -math.inf) <= value <= test.get("at_most", math.inf)
    texts = [member for member in members if isinstance(member, str)]
    if "contains" in test:
        return any(test["contains"].casefold() in text.casefold() for text in texts)
    if "starts_with" in test:
        return any(text.casefold().startswith(test["starts_with"].casefold()) for text in texts)
    if "ends_with" in test:
        return any(text.casefold().endswith(test["ends_with"].casefold()) for text in texts)
    return any(re.search(test["matches"], text) for text in texts)


def meant(step: dict[str, Any], event: Event) -> bool:
    """Say whether an event has the name, and passes the filters, of a condition or step."""
    names = step["event"]
    if names != "*" and event.name != names and not (isinstance(names, list) and event.name in names):
        return False
    return all(passes(filter_, own(filter_["property"], event)) for filter_ in step.get("where", []))


def exactly(value: Any) -> tuple[str, Any]:
    """Return what `distinct` and `per` compare."""
    if isinstance(value, list):
        return "list", tuple(exactly(member) for member in value)
    if is_number(value):
        return "number", Fraction(value)
    return type(value).__name__, value


def counted(rule: dict[str, Any], past: list[Event], now: datetime) -> bool:
    kept = [event for event in in_window(rule.get("within"), past, now) if meant(rule, event)]
    number_of = {event.id: number for number, run in enumerate(sessions(past)) for event in run}
    if "per" not in rule:
        return bounded(rule, measured(rule, kept, number_of))
    groups: dict[Any, list[Event]] = {}
    for event in kept:
        if rule["per"] == "session":
            groups.setdefault(number_of[event.id], []).append(event)
        elif own(rule["per"], event) is not None:
            groups.setdefault(exactly(own(rule["per"], event)), []).append(event)
    return any(bounded(rule, measured(rule, group, number_of)) for group in groups.values())


def numbers(rule: dict[str, Any], kept: list[Event]) -> list[float]:
    values = [own(rule["of"], event) for event in kept]
    return [value for value in values if is_number(value)]


def total(values: list[float]) -> float:
    try:
        return math.fsum(values)
    except OverflowError:  # on the way only, or for good: then no float is large enough
        return float(sum(map(Fraction, values)))


def measured(rule: dict[str, Any], kept: list[Event], number_of: dict[Any, int]) -> float | None:
    match rule.get("measure", "count"):
        case "count":
            return len(kept)
        case "sum":
            return total(numbers(rule, kept))
        case "average":
            found = numbers(rule, kept)
            return total(found) / len(found) if found else None
        case "minimum":
            return min(numbers(rule, kept), default=None)
        case "maximum":
            return max(numbers(rule, kept), default=None)
        case "distinct":
            values = [own(rule["of"], event) for event in kept]
            return len({exactly(value) for value in values if value is not None})
        case "sessions":
            return len({number_of[event.id] for event in kept})
        case _:
            times = [event.occurred_at for event in kept]
            return (max(times) - min(times)).total_seconds() if times else None


def bounded(rule: dict[str, Any], value: float | None) -> bool:
    if value is None:
        return False
    low = rule.get("at_least", -math.inf if "at_most" in rule else 1)
    return bool(low <= value <= rule.get("at_most", math.inf))


def abandoned(rule: dict[str, Any], past: list[Event], now: datetime) -> bool:
    begun = [event for event in in_window(rule.get("within"), past, now) if meant(rule, event)]
    if not begun:
        return False
    later = past[past.index(begun[-1]) + 1 :]
    if any(meant(rule["not_followed_by"], event) for event in later):
        return False
    return now - begun[-1].occurred_at >= duration(rule["after"])


def seen(rule: dict[str, Any], past: list[Event], now: datetime) -> bool:
    current, _ = current_and_previous(past, now)
    events = past if rule["seen"] != "previous" else past[: len(past) - len(current)]
    if not events:
        return False
    event = events[0] if rule["seen"] == "first" else events[-1]
    if "within" in rule:
        return now - duration(rule["within"]) < event.occurred_at <= now
    return now - event.occurred_at >= duration(rule["beyond"])


def trait(rule: dict[str, Any], facts: Facts, now: datetime) -> bool:
    value: Any = facts.traits.get(rule["trait"])
    if isinstance(value, Decaying):
        if not {"at_least", "at_most", "exists"} & rule.keys():
            return False
        value = value.value * 2 ** (-((now - value.at) / value.half_life))
    return passes(rule, value)


def request(rule: dict[str, Any], facts: Facts, now: datetime) -> bool:
    if facts.request is None:
        return False
    field = rule["request"]
    if field not in ("weekday", "hour"):
        return passes(rule, facts.request.get(field))
    try:
        local = now.astimezone(ZoneInfo(facts.request["time_zone"]))
    except KeyError:  # no zone is named, or none of that name exists
        return passes(rule, None)
    return passes(rule, local.strftime("%a").lower() if field == "weekday" else local.hour)
