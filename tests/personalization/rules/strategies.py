"""Random rules, timelines and instants that meet where mistakes hide: at the bounds of windows and sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from personalization.rules import Decaying, Facts
from tracking.timeline import Event, Page, Timeline

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DURATIONS = ["1s", "10m", "30m", "60m", "2h", "1d"]
NAMES = ["view_item", "add_to_cart", "purchase", "page_view"]

# Gaps between neighbors: ties, single microseconds, and just under, at and just over what splits windows and sessions.
gaps = st.one_of(
    st.sampled_from([timedelta(0), TICK, timedelta(seconds=1), timedelta(minutes=10), timedelta(minutes=15)]),
    st.builds(
        lambda minutes, ticks: timedelta(minutes=minutes) + ticks * TICK,
        st.sampled_from([10, 30, 60]),
        st.integers(-1, 1),
    ),
)
values: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([1, 1.0, 2, 3, 0.1, -1, True, False, None, "1", "a", "A", "ß", "SS", "b", ""]),
    st.lists(st.sampled_from([1, "a", "b", None, True]), max_size=3),
)
urls = st.sampled_from(
    [
        "",
        "https://shop.example/a",
        "https://SHOP.example/b?utm_source=&utm_source=x",
        "https://[broken",
        "/a?utm_source=b",
    ]
)
properties = st.dictionaries(st.sampled_from(["price", "category", "path"]), values, max_size=3)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Draw up to twelve events."""
    occurred_at = NOON
    events = []
    for number, gap in enumerate(draw(st.lists(gaps, max_size=12))):
        occurred_at += gap
        events.append(
            Event(
                UUID(int=draw(st.integers(0, 3)) * 100 + number),
                draw(st.sampled_from(NAMES)),
                occurred_at,
                Page(draw(urls), draw(st.sampled_from(["", "a"])), draw(urls)),
                draw(properties),
                draw(st.sampled_from(["", "mobile"])),
            )
        )
    return Timeline(events)


@st.composite
def moments(draw: st.DrawFn, timeline: Timeline) -> datetime:
    """Draw an instant near an event of the timeline, or as far from it as windows reach."""
    anchor = draw(st.sampled_from([event.occurred_at for event in timeline] or [NOON]))
    reach = draw(st.sampled_from([0, 1, 600, 900, 1800, 3600, 7200, 86_400]))
    return anchor + timedelta(seconds=reach) + draw(st.integers(-1, 1)) * TICK


scalars = st.sampled_from([1, 1.0, 0, 2, True, False, "1", "a", "ß", "ss", "b", ""])
texts = st.sampled_from(["a", "A", "s", "", "/", "x"])
numbers = st.sampled_from([-1, 0, 0.1, 1, 1.5, 2, 3])


@st.composite
def bounds(draw: st.DrawFn, numbers: st.SearchStrategy[float], *, needed: bool = False) -> dict[str, Any]:
    """Draw `at_least`, `at_most`, both or (unless needed) neither."""
    low, high = sorted([draw(numbers), draw(numbers)])
    kinds: list[dict[str, Any]] = [{"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}]
    return draw(st.sampled_from(kinds if needed else [*kinds, {}]))


tests: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"is": scalars}),
    st.fixed_dictionaries({"is_not": scalars}),
    st.fixed_dictionaries({"in": st.lists(scalars, max_size=3)}),
    st.fixed_dictionaries({"not_in": st.lists(scalars, max_size=3)}),
    bounds(numbers, needed=True),
    st.fixed_dictionaries({"contains": texts}),
    st.fixed_dictionaries({"starts_with": texts}),
    st.fixed_dictionaries({"ends_with": texts}),
    st.fixed_dictionaries({"matches": st.sampled_from(["^a", "[ab]$", "", "s+"])}),
    st.fixed_dictionaries({"exists": st.booleans()}),
)
fields = st.sampled_from(["price", "category", "path", "host", "title", "referrer_host", "utm_source", "device"])
filters = st.lists(st.builds(lambda name, test: {"property": name, **test}, fields, tests), max_size=2)
durations = st.sampled_from(DURATIONS)


@st.composite
def windows(draw: st.DrawFn) -> Any:
    """Draw what `within` may be."""
    start = NOON + draw(gaps)
    end = start + draw(gaps) + TICK
    stretch = {"from": start.isoformat(), "to": end.isoformat()}
    return draw(st.sampled_from([*DURATIONS, "session", "previous_session", stretch]))


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    """Draw names and filters."""
    names: st.SearchStrategy[Any] = st.one_of(
        st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), st.just("*")
    )
    step: dict[str, Any] = {"event": draw(names)}
    if draw(st.integers(0, 3)) == 0:
        step["where"] = draw(filters)
    return step


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an Events condition."""
    rule = draw(steps())
    if draw(st.booleans()):
        rule["within"] = draw(windows())
    measure = draw(
        st.sampled_from(["count", "count", "sum", "average", "minimum", "maximum", "distinct", "sessions", "duration"])
    )
    if measure != "count" or draw(st.booleans()):
        rule["measure"] = measure
    if measure in ("sum", "average", "minimum", "maximum", "distinct"):
        rule["of"] = draw(st.sampled_from(["price", "category", "path"]))
    if measure != "sessions" and draw(st.booleans()):
        rule["per"] = draw(st.sampled_from(["session", "category", "price", "path"]))
    if measure == "duration":
        return rule | draw(bounds(st.sampled_from([0, 1e-06, 600, 1800, 1800.000001, 3600])))
    if measure in ("sum", "average", "minimum", "maximum"):
        return rule | draw(bounds(numbers))
    return rule | draw(bounds(st.integers(0, 4)))


@st.composite
def abandoned(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an Abandoned condition."""
    rule = draw(steps()) | {"not_followed_by": draw(steps()), "after": draw(durations)}
    if draw(st.booleans()):
        rule["within"] = draw(windows())
    return rule


seen = st.builds(
    lambda which, bound, duration: {"seen": which, bound: duration},
    st.sampled_from(["first", "last", "previous"]),
    st.sampled_from(["within", "beyond"]),
    durations,
)
traits = st.builds(lambda name, test: {"trait": name, **test}, st.sampled_from(["plain", "score", "missing"]), tests)
segments = st.sampled_from([{"segment": "in"}, {"segment": "out"}])
clock_tests: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda test: {"request": "hour", **test}, bounds(st.integers(0, 23), needed=True)),
    st.builds(
        lambda days: {"request": "weekday", "in": days}, st.lists(st.sampled_from(["fri", "Sat", "sun"]), max_size=2)
    ),
)
requests = st.one_of(
    st.builds(lambda name, test: {"request": name, **test}, st.sampled_from(["country", "group", "missing"]), tests),
    clock_tests,
)
timeline_conditions = st.one_of(events(), events(), abandoned(), seen)
conditions = st.one_of(timeline_conditions, timeline_conditions, traits, segments, requests)
rules: st.SearchStrategy[dict[str, Any]] = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=5,
)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Draw all that a rule may ask about."""
    timeline = draw(timelines())
    request = {
        "country": draw(values),
        "group": ["a", "B"],
        "time_zone": draw(st.sampled_from(["UTC", "Asia/Kolkata"])),
    }
    score = Decaying(
        draw(st.sampled_from([4.0, 1.0, 0.0, -4.0, 3.7])),
        draw(st.sampled_from([timedelta(minutes=10), timedelta(hours=1), timedelta(days=3)])),
        NOON + draw(gaps),
    )
    return Facts(
        timeline,
        {"plain": draw(values), "score": score},
        frozenset({"in"}),
        draw(st.sampled_from([None, request])),
    )
