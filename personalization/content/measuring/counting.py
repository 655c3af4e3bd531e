"""What visitors saw and clicked, counted by the database from the events that carry *analytics*.

Events come from anybody's browser: what they call a variant counts only if there is such a variant. The primary key
begins with an event's time, so a range of time is a range of ids (a day more on both sides, for clocks that are off).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Func, Min, Q, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from consent.purposes import ANALYTICS, PERSONALIZATION
from personalization.content.serving.rendering import DEFAULT_VARIANT
from personalization.profiles.models import Verdict
from tracking.goals import CompiledGoal, Happened
from tracking.models import StoredEvent
from tracking.partitions import first_id
from tracking.selectors import events_for
from tracking.timeline import Page

VIEW: Final = "block_view"
CLICK: Final = "block_click"
CLOCKS_OFF: Final = timedelta(days=1)
TAILORED: Final = ""
"""Stands where a variant's id would stand: all variants of a block together, without the default."""


class Counted(NamedTuple):
    """Of one variant of a block (or `TAILORED`): people, views and clicks, and sums over people of their products.

    Of a person's clicks in a variant no more count than the person has views of it.
    """

    block: str
    variant: str
    first: datetime | None
    """When it was first seen."""
    people: int
    clicked: int
    views: int
    clicks: int
    views_squared: int
    both: int
    clicks_squared: int


class InSegment(NamedTuple):
    """How many of a segment's people saw what is tailored (or the default), and how many of them clicked."""

    segment: str
    is_default: bool
    people: int
    clicked: int


class ClickedCall(NamedTuple):
    """How often a call to action was clicked, and by how many people."""

    key: str
    people: int
    clicks: int


class Reached(NamedTuple):
    """Of one variant of a block (or `TAILORED`) and one goal: how many people reached it, and what that is worth."""

    variant: str
    goal: int
    people: int
    value: float


_SUMS: Final = (
    "COUNT(*), SUM(CASE WHEN clicks > 0 THEN 1 ELSE 0 END), SUM(views), SUM(clicks), SUM(views * views),"
    " SUM(views * clicks), SUM(clicks * clicks), MIN(first)"
)
_LIMITED: Final = "CASE WHEN clicks < views THEN clicks ELSE views END"


class _Said(Func):
    """A property of an event as a text; its name is one of ours and part of the statement."""

    output_field = TextField()
    template = "(%(expressions)s ->> '%(name)s')"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Not every version has the operator."""
        return self.as_sql(compiler, connection, template="JSON_EXTRACT(%(expressions)s, '$.%(name)s')", **context)


def count_views(
    keys: Collection[str],
    variants: Collection[str],
    *,
    since: datetime,
    until: datetime,
    segment: str | None = None,
) -> list[Counted]:
    """Count by block and variant, and of each block all variants together; one query."""
    inner, parameters = _seen(keys, variants, since=since, until=until, segment=segment)
    sql = f"""
        WITH seen AS (
            SELECT block, variant, visitor, views, first, {_LIMITED} AS clicks FROM ({inner}) AS s WHERE views > 0
        )
        SELECT block, variant, {_SUMS} FROM seen GROUP BY block, variant
        UNION ALL
        SELECT block, '{TAILORED}', {_SUMS} FROM (
            SELECT block, visitor, SUM(views) AS views, SUM(clicks) AS clicks, MIN(first) AS first FROM seen
            WHERE variant <> '{DEFAULT_VARIANT}' GROUP BY block, visitor
        ) AS tailored GROUP BY block
    """  # noqa: S608  # texts of ours; values are parameters
    return [
        Counted(block, variant, _instant(first), *map(int, sums))
        for block, variant, *sums, first in _rows(sql, parameters)
    ]


def count_in_segments(
    key: str, variants: Collection[str], segments: Sequence[str], *, since: datetime, until: datetime
) -> list[InSegment]:
    """Count a block by who is in these segments now; one query."""
    if not segments:
        return []
    inner, parameters = _seen([key], variants, since=since, until=until)
    members = Verdict.objects.filter(key__in=segments, matches=True)
    joined, more = _sql(_named(members, segment="key", person="visitor_id"))
    sql = f"""
        SELECT segment, is_default, COUNT(*), SUM(CASE WHEN clicks > 0 THEN 1 ELSE 0 END) FROM (
            SELECT visitor, CASE WHEN variant = '{DEFAULT_VARIANT}' THEN 1 ELSE 0 END AS is_default,
                SUM(clicks) AS clicks
            FROM ({inner}) AS s WHERE views > 0 GROUP BY 1, 2
        ) AS people JOIN ({joined}) AS members ON members.person = people.visitor GROUP BY segment, is_default
    """  # noqa: S608  # texts of ours; values are parameters
    return [InSegment(row[0], bool(row[1]), int(row[2]), int(row[3])) for row in _rows(sql, (*parameters, *more))]


def count_people(key: str, *, since: datetime, until: datetime, audience: Collection[str] | None = None) -> int:
    """How many people saw the block, whatever it showed, and match any of these keys now; None: all who saw it."""
    views = _views([key], since=since, until=until).filter(name=VIEW)
    if audience is not None:
        members = Verdict.objects.filter(key__in=audience, matches=True)
        views = views.filter(visitor_id__in=members.values("visitor_id"))
    return views.aggregate(people=Count("visitor_id", distinct=True))["people"] or 0


def count_calls(keys: Collection[str], *, since: datetime, until: datetime) -> list[ClickedCall]:
    """Count the clicks on calls to action; how often one was seen is not measured. One query."""
    events = _between(events_for(ANALYTICS.code), since, until).filter(name="select_content")
    events = events.annotate(kind=_Said("properties", name="content_type"), key=_Said("properties", name="content_id"))
    found = events.filter(kind="cta", key__in=keys).values_list("key").order_by()
    rows = found.annotate(people=Count("visitor_id", distinct=True), clicks=Count("id"))
    return [ClickedCall(*row) for row in rows]


def viewers(key: str, *, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """The ids of those who saw the block, whatever it showed, and agreed to personalization as well."""
    events = events_for(ANALYTICS.code) & events_for(PERSONALIZATION.code)
    views = _views([key], since=since, until=until, events=events).filter(name=VIEW)
    return views.order_by().values_list("visitor_id", flat=True).distinct()


def count_goals(
    key: str,
    variants: Collection[str],
    goals: Iterable[CompiledGoal],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    segment: str | None = None,
) -> list[Reached]:
    """Who reached which goal, soon enough after they first saw each variant; one query for each number of days.

    The conditions of goals are asked by the one evaluator of filters, so the events that may reach one are read.
    """
    found: list[Reached] = []
    for days, some in groupby(sorted(goals, key=lambda goal: goal.within_days), key=lambda goal: goal.within_days):
        asked = list(some)
        people: dict[tuple[str, int], set[Any]] = {}
        worth: dict[tuple[str, int], float] = {}
        for variant, visitor, happened in _candidates(
            key, variants, {goal.event for goal in asked}, days, since=since, until=until, now=now, segment=segment
        ):
            for goal in asked:
                if goal.is_reached_by(happened):
                    place = variant, goal.pk
                    reached = people.setdefault(place, set())
                    if goal.fixed_value is None or visitor not in reached:  # a fixed value counts once for each
                        worth[place] = worth.get(place, 0.0) + goal.value_of(happened)
                    reached.add(visitor)
        found += [Reached(*place, len(reached), worth.get(place, 0.0)) for place, reached in people.items()]
    return found


def _candidates(
    key: str,
    variants: Collection[str],
    names: Collection[str],
    days: int,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    segment: str | None,
) -> Iterator[tuple[str, Any, Happened]]:
    """Events of these names, each soon enough after somebody's first view of a variant, or of any but the default."""
    window = timedelta(days=days)
    firsts = _of_variants(_views([key], since=since, until=until), variants).filter(name=VIEW)
    firsts = _of_members(firsts, segment).values("variant", visitor=F("visitor_id")).annotate(first=Min("occurred_at"))
    firsts = firsts.annotate(last=ExpressionWrapper(F("first") + window, output_field=DateTimeField()))
    inner, parameters = _sql(firsts.order_by().values_list("variant", "visitor", "first", "last"))
    events = _between(events_for(ANALYTICS.code), since, min(until + window, now)).filter(name__in=names)
    goals, more = _sql(
        _named(
            events,
            *("name", "url", "title", "referrer", "device", "properties"),
            person="visitor_id",
            at="occurred_at",
        )
    )
    sql = f"""
        WITH firsts AS ({inner})
        SELECT f.variant, f.visitor, e.name, e.url, e.title, e.referrer, e.device, e.properties FROM (
            SELECT variant, visitor, first, last FROM firsts
            UNION ALL
            SELECT '{TAILORED}', visitor, MIN(first), MIN(last) FROM firsts
            WHERE variant <> '{DEFAULT_VARIANT}' GROUP BY visitor
        ) AS f JOIN ({goals}) AS e ON e.person = f.visitor AND e.at > f.first AND e.at <= f.last
    """  # noqa: S608  # texts of ours; values are parameters
    for variant, visitor, name, url, title, referrer, device, properties in _rows(sql, (*parameters, *more)):
        yield variant, visitor, Happened(name, Page(url, title, referrer), json.loads(properties), device)


def _seen(
    keys: Collection[str],
    variants: Collection[str],
    *,
    since: datetime,
    until: datetime,
    segment: str | None = None,
) -> tuple[str, tuple[Any, ...]]:
    """The query for one row a block, variant and visitor, with how many views and clicks."""
    events = _of_members(_of_variants(_views(keys, since=since, until=until), variants), segment)
    counted = events.values("block", "variant", visitor=F("visitor_id")).annotate(
        views=Count("id", filter=Q(name=VIEW)), clicks=Count("id", filter=Q(name=CLICK)), first=Min("occurred_at")
    )
    return _sql(counted.order_by().values_list("block", "variant", "visitor", "views", "clicks", "first"))


def _views(
    keys: Collection[str], *, since: datetime, until: datetime, events: QuerySet[StoredEvent] | None = None
) -> QuerySet[Any]:
    events = events_for(ANALYTICS.code) if events is None else events
    events = _between(events, since, until).filter(name__in=(VIEW, CLICK))
    return events.annotate(block=_Said("properties", name="block"), variant=_Said("properties", name="variant")).filter(
        block__in=keys
    )


def _of_variants(events: QuerySet[Any], variants: Collection[str]) -> QuerySet[Any]:
    return events.filter(variant__in=[*variants, DEFAULT_VARIANT])


def _of_members(events: QuerySet[Any], segment: str | None) -> QuerySet[Any]:
    if segment is None:
        return events
    return events.filter(visitor_id__in=Verdict.objects.filter(key=segment, matches=True).values("visitor_id"))


def _between(events: QuerySet[StoredEvent], since: datetime, until: datetime) -> QuerySet[StoredEvent]:
    return events.filter(
        id__gte=first_id(since - CLOCKS_OFF),
        id__lt=first_id(until + CLOCKS_OFF),
        occurred_at__gte=since,
        occurred_at__lt=until,
    )


def _named(rows: QuerySet[Any], *fields: str, **names: str) -> QuerySet[Any, Any]:
    """These columns, some by other names, in no order."""
    named: QuerySet[Any] = rows.order_by().annotate(**{name: F(field) for name, field in names.items()})
    return named.values_list(*fields, *names)


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    connection = connections[router.db_for_read(StoredEvent)]
    sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    return sql, tuple(parameters)


def _instant(stored: Any) -> datetime | None:
    """A moment as the database gives it where nothing reads it: SQLite has texts, by the clocks of UTC."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _rows(sql: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    with connections[router.db_for_read(StoredEvent)].cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(2_000):
            yield from rows
