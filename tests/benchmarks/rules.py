"""What judging costs: 100 segments of three windowed conditions each on a timeline of 100 events.

Run it with `python -m tests.benchmarks.rules`. It prints microseconds for one visitor and the ratio to a yardstick that
travels between machines: the time of as many bisections of the timeline as there are conditions.
"""

import random
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from personalization.rules import Facts, Rule
from tracking.timeline import Event, Timeline

GOAL = 100.0
"""Microseconds for all segments of one visitor."""
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = ("page_view", "view_item", "add_to_cart", "purchase", "search", "scroll", "user_engagement", "sign_up")


class Figures(NamedTuple):
    """What was measured: the best of many rounds, in microseconds for one visitor."""

    judging: float
    with_indexing: float
    yardstick: float
    matching: int


def make_timeline(chance: random.Random) -> Timeline:
    """Return 100 events over the last month."""
    return Timeline(
        Event(
            UUID(int=number),
            chance.choice(NAMES),
            NOW - timedelta(seconds=chance.randrange(30 * 86_400)),
            properties={"item_category": chance.choice("abcd"), "price": chance.randrange(100)},
        )
        for number in range(100)
    )


def counting(chance: random.Random) -> dict[str, Any]:
    """Return a condition that counts the events of one name in a window."""
    return {
        "event": chance.choice(NAMES),
        "within": chance.choice(["1h", "24h", "7d", "14d", "30d"]),
        "at_least": chance.randrange(1, 6),
    }


def mixed(chance: random.Random) -> dict[str, Any]:
    """Return a windowed condition of any kind."""
    kinds: list[dict[str, Any]] = [
        {"where": [{"property": "item_category", "is": chance.choice("abcd")}]},
        {"per": "item_category"},
        {"measure": "sum", "of": "price", "at_least": chance.randrange(300)},
        {"within": chance.choice(["session", "previous_session"])},
    ]
    return counting(chance) | chance.choice(kinds)


def make_rules(chance: random.Random, condition: Callable[[random.Random], dict[str, Any]]) -> list[Rule]:
    """Return 100 rules of three conditions; half of them need all three, half of them one."""
    return [
        Rule.parse({"all" if number % 2 else "any": [condition(chance) for _ in range(3)]}) for number in range(100)
    ]


def measure(condition: Callable[[random.Random], dict[str, Any]], rounds: int = 300) -> Figures:
    """Return the best of so many rounds."""
    chance = random.Random(7)  # a fixed sample, no secret
    rules = make_rules(chance, condition)
    events = list(make_timeline(chance))
    judging = with_indexing = yardstick = float("inf")
    matching = 0
    for _ in range(rounds):
        begun = time.perf_counter()
        facts = Facts(Timeline(events))
        matching = sum(rule.evaluate(facts, NOW).matches for rule in rules)
        with_indexing = min(with_indexing, time.perf_counter() - begun)
        begun = time.perf_counter()
        for rule in rules:
            rule.evaluate(facts, NOW)
        judging = min(judging, time.perf_counter() - begun)
        times = facts.timeline.times
        begun = time.perf_counter()
        for _ in range(300):
            bisect_right(times, NOW)
        yardstick = min(yardstick, time.perf_counter() - begun)
    return Figures(judging * 1e6, with_indexing * 1e6, yardstick * 1e6, matching)


def main() -> None:
    """Print the figures."""
    print("| one visitor, 100 segments | µs | goal | × the yardstick |")
    print("|---|---|---|---|")
    for name, asked in (("counts in windows", counting), ("with filters, sessions and groups", mixed)):
        figures = measure(asked)
        for what, cost in (("judged", figures.judging), ("indexed and judged", figures.with_indexing)):
            goal = f"{GOAL:.0f}" if asked is counting and what == "judged" else ""
            print(f"| {name}, {what} | {cost:.0f} | {goal} | {cost / figures.yardstick:.1f} |")
    print(f"\nThe yardstick, 300 bisections of the timeline, took {figures.yardstick:.0f} µs.")


if __name__ == "__main__":
    main()
