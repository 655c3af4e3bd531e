"""What is read about segments: who names whom, and why a visitor is where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections, router
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from consent.purposes import PERSONALIZATION
from personalization.profiles.discretion import Pseudonymous
from personalization.profiles.head import configuration_version
from personalization.profiles.models import Verdict as StoredVerdict
from personalization.rules import Facts, InvalidRule, Reason, Rule, Told
from personalization.segments.judging import ask, judge, matching, with_computed
from personalization.segments.models import Segment, Status
from personalization.segments.published import STORED_RULES, published
from personalization.segments.storing import traits_of
from personalization.segments.usages import Usage
from tracking.models import Visitor
from tracking.pseudonyms import without_addresses
from tracking.selectors import timeline_of


def references() -> dict[str, frozenset[str]]:
    """Every segment's slug with the slugs that its rule names, archived ones left out."""
    found: dict[str, frozenset[str]] = {}
    for slug, rule in Segment.objects.exclude(status=Status.ARCHIVED).values_list("slug", "rule"):
        try:
            found[slug] = frozenset(Rule.parse(rule, limits=STORED_RULES).segments)
        except InvalidRule:
            found[slug] = frozenset()
    return found


def segments_naming(slug: str) -> Iterator[Usage]:
    """The other segments whose rules name this one."""
    naming = [other for other, slugs in references().items() if slug in slugs and other != slug]
    for segment in Segment.objects.filter(slug__in=naming).order_by("name"):
        try:
            url = reverse("admin:attune_segments_segment_change", args=[segment.pk])
        except NoReverseMatch:  # a project without our admin
            url = ""
        yield Usage(_("Segment “%(name)s”") % {"name": segment.name}, url)


def may_personalize(visitor_id: UUID) -> bool:
    """Whether the visitor agreed to personalization, as far as what is stored says."""
    purposes = Visitor.objects.filter(pk=visitor_id).values_list("purposes", flat=True).first()
    return purposes is not None and bool(purposes & PERSONALIZATION.bit)


@dataclass(frozen=True)
class Explained:
    """One segment and one visitor: whether and why, in plain words and as rules are written; since when it is so."""

    slug: str
    name: str
    matches: bool
    told: Told
    reason: Reason | None
    since: datetime | None
    is_contextual: bool


def explain_visitor(visitor_id: UUID, *, now: datetime, person: bool) -> list[Explained]:
    """Every active segment about this visitor as of `now`, those that match first. Writes nothing.

    Unless a `person` may be seen, reasons leave out the values that could say who it is.
    """
    current = published(configuration_version())
    timeline = timeline_of(visitor_id, purpose=PERSONALIZATION.code)
    stored = traits_of([visitor_id]).get(visitor_id, {})
    segments = matching(judge(current, timeline, stored, now))
    traits = with_computed(current, timeline, stored, now)
    discretion = None if person else Pseudonymous()
    facts = Facts(timeline=timeline, traits=traits, segments=segments, discretion=discretion)
    names = dict(Segment.objects.filter(status=Status.ACTIVE).values_list("slug", "name"))
    since = dict(StoredVerdict.objects.filter(visitor_id=visitor_id, matches=True).values_list("key", "since"))
    found = []
    for slug in current.segment_slugs:
        rule = current.rules[slug]
        if rule.is_contextual and not rule.trouble:
            told, reason = Told(False, rule.rule.describe(_)), None
        elif rule.trouble:
            told, reason = Told(False, rule.trouble), None
        else:
            reason = ask(rule, facts, now, explain=True).reason or Reason(False, "")
            reason = reason if person else _without_addresses(reason)
            told = rule.rule.tell(reason, _)
        if not person:
            told = _told_without_addresses(told)
        found.append(
            Explained(slug, names.get(slug, slug), told.matches, told, reason, since.get(slug), rule.is_contextual)
        )
    return sorted(found, key=lambda one: (not one.matches, one.is_contextual, one.name))


def _without_addresses(reason: Reason) -> Reason:
    children = tuple(map(_without_addresses, reason.children))
    return Reason(reason.matches, without_addresses(reason.text), children, without_addresses(reason.found))


def _told_without_addresses(told: Told) -> Told:
    return told._replace(text=without_addresses(told.text), children=tuple(map(_told_without_addresses, told.children)))


MOST_TOGETHER: Final = 60
"""So many keys fit into one number, a bit each."""
SAMPLE: Final = 10_000
"""Of twice as many visitors and more, at least so many are counted. Then 95 of 100 numbers are right within one of a
hundred visitors: two standard errors of a share that is drawn, at its widest."""


def halvings(everybody: int) -> int:
    """How often visitors are halved until between `SAMPLE` and twice as many are left to be counted.

    >>> halvings(19_999), halvings(20_000), halvings(100_000)
    (0, 1, 3)
    """
    return max(0, (everybody // SAMPLE).bit_length() - 1)


def people_together(
    keys: Sequence[str], among: QuerySet[Any, Any] | None = None, *, halved: int = 0
) -> dict[frozenset[str], int]:
    """How many visitors match which of these keys, and no other of them: one query, whatever their number.

    Who matches none is left out. What is decided at each visit is stored for nobody.

    Args:
        keys: of segments and rules.
        among: yields the ids of those who count; without it, everybody does.
        halved: count only half of them, or a half of that, and so on: those whose ids, which are random, are lowest.
            They stand together in the index, so that only their rows are read.

    Raises:
        ValueError: more than `MOST_TOGETHER` keys.
    """
    if len(keys) > MOST_TOGETHER:
        raise ValueError(f"At most {MOST_TOGETHER} keys can be counted together.")
    if not keys:
        return {}
    connection = connections[router.db_for_read(StoredVerdict)]
    table = connection.ops.quote_name(StoredVerdict._meta.db_table)
    # A visitor has one row for a key, so the sum of the keys' bits says which they match. Our own names only.
    bits = " ".join(f"WHEN %s THEN {1 << place}" for place in range(len(keys)))
    condition = "matches = %s"
    parameters: list[Any] = [*keys, True]
    if halved:  # not by key: SQLite would take the index of keys, and read the rows of all visitors
        condition += " AND visitor_id < %s"
        bound = UUID(int=1 << 128 - halved)
        parameters.append(StoredVerdict._meta.get_field("visitor_id").get_db_prep_value(bound, connection))
    else:
        condition += f" AND key IN ({', '.join(['%s'] * len(keys))})"
        parameters += keys
    if among is not None:
        ids, others = among.query.get_compiler(connection=connection).as_sql()
        condition += f" AND visitor_id IN ({ids})"
        parameters += others
    sql = (
        f"SELECT mask, COUNT(*) FROM (SELECT SUM(CASE key {bits} END) AS mask FROM {table}"  # noqa: S608  # see above
        f" WHERE {condition} GROUP BY visitor_id) AS together WHERE mask IS NOT NULL GROUP BY mask"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    return {
        frozenset(key for place, key in enumerate(keys) if int(mask) >> place & 1): int(people) for mask, people in rows
    }
