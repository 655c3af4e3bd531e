"""What came of a block, in a sentence: what was clicked more, or when there will be enough to say so."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.content.measuring.comparing import ENOUGH_CLICKED, ENOUGH_PEOPLE, Verdict, out_of
from personalization.content.measuring.enough import (
    LONGEST,
    clicks_lacking,
    enough_at,
    lacking_on_each_side,
    people_lacking,
)
from tracking.counts import SMALL, people_in_words

if TYPE_CHECKING:
    from personalization.content.measuring.results import BlockResults, VariantResults


def sentence(results: BlockResults, *, exact: bool = False) -> str:
    """Say in words what came of a block's variants, all together. Unless `exact`, few people are "under 10"."""
    only = next(iter(results.variants)).name if len(results.variants) == 1 else ""
    called = _quoted(only) if only else _("one of the variants")
    return variant_sentence(
        results.tailored, results.default, called=called, counted=(results.since, results.until), exact=exact
    )


def others_in_words(results: BlockResults) -> str:
    """What those see whom no variant fits, by its name if its editor gave it one."""
    return _called_others(results.default)


def variant_sentence(
    variant: VariantResults,
    default: VariantResults,
    *,
    counted: tuple[datetime, datetime],
    called: str = "",
    exact: bool = False,
) -> str:
    """The same of one variant.

    Args:
        variant: the one that it is about.
        default: what everyone else saw.
        counted: from when to before when; aware datetimes.
        called: what the variant is called within a sentence; its name in quotes if that is left empty.
        exact: whether few people are told.
    """
    words = {
        "variant": called or _quoted(variant.name),
        "other": _called_others(default),
        "people": people_in_words(variant.people, exact=exact),
        "others": people_in_words(default.people, exact=exact),
    }
    if not variant.people and not default.people:
        return _("Nobody who agreed to measuring has seen it in this time.")
    if not variant.people:
        return _("Nobody has seen %(variant)s in this time; %(other)s was seen by %(others)s.") % words
    base, one, other = out_of(
        variant.clicked.rate, default.clicked.rate, apart=variant.verdict in (Verdict.MORE, Verdict.LESS)
    )
    words |= {"base": number_format(base, force_grouping=True), "one": str(one), "two": str(other)}
    match variant.verdict:
        case Verdict.NOTHING if variant.people < ENOUGH_PEOPLE:
            said = _("%(variant)s was seen by %(people)s.")
            return f"{capfirst(said % words)} {_cannot_be_told(words)}"
        case Verdict.NOTHING:
            said = _("Of %(base)s who saw %(variant)s, %(one)s clicked.")
            return f"{said % words} {_cannot_be_told(words)}"
        case Verdict.TOO_FEW if min(variant.people, default.people) < ENOUGH_PEOPLE:
            said = _("Too early to say: %(variant)s was seen by %(people)s, %(other)s by %(others)s.")
            return f"{said % words} {_people_needed(variant, default, words, counted)}"
        case Verdict.TOO_FEW:
            early = _("Too early to say: hardly anybody has clicked yet.")
            return f"{early} {_clicks_needed(variant, default, exact=exact)}"
    told = _("Of %(base)s who saw %(variant)s, %(one)s clicked; of as many who saw %(other)s, %(two)s.") % words
    if variant.verdict is Verdict.MAY_BE_CHANCE:
        early = _("Too early to say whether that is more than chance.")
        return f"{told} {early} {_more_on_each_side(variant, default, counted)}"
    return f"{told} {_('That is hardly chance, but no fair test: those who saw it are other people.')}"


def _quoted(name: str) -> str:
    return _("“%(name)s”") % {"name": name}


def _called_others(default: VariantResults) -> str:
    return _quoted(default.name) if default.is_named and default.name else _("what everyone else sees")


def _cannot_be_told(words: dict[str, str]) -> str:
    return _("Whether that is more than otherwise cannot be told: nobody saw %(other)s.") % words


def _people_needed(
    variant: VariantResults, default: VariantResults, words: dict[str, str], counted: tuple[datetime, datetime]
) -> str:
    of_one, of_other = people_lacking(variant.clicked, default.clicked)
    if of_one and of_other:
        said = _("Needed are about %(more)s visitors more who see %(variant)s, and %(rest)s more who see %(other)s")
    elif of_one:
        said = _("Needed are about %(more)s visitors more who see %(variant)s")
    else:
        said = _("Needed are about %(rest)s visitors more who see %(other)s")
    said %= {**words, "more": _number(of_one), "rest": _number(of_other)}
    return _until(said, [(variant, variant.people, of_one), (default, default.people, of_other)], counted)


def _clicks_needed(variant: VariantResults, default: VariantResults, *, exact: bool) -> str:
    if not exact:  # how many are missing would tell how few there are
        return _("Needed are %(enough)s who click, both sides together.") % {"enough": ENOUGH_CLICKED}
    more = clicks_lacking(variant.clicked, default.clicked)
    return ngettext("Needed is one visitor more who clicks.", "Needed are %(more)s visitors more who click.", more) % {
        "more": more
    }


def _more_on_each_side(variant: VariantResults, default: VariantResults, counted: tuple[datetime, datetime]) -> str:
    more = lacking_on_each_side(variant.clicked, default.clicked)
    if more is None:
        return _("If there is a difference, it is too small for so few visitors.")
    said = _("If it stays like this, about %(more)s visitors more on each side are needed") % {"more": _number(more)}
    return _until(said, [(one, one.people, more) for one in (variant, default)], counted)


def _until(said: str, lacking: list[tuple[VariantResults, int, int]], counted: tuple[datetime, datetime]) -> str:
    """With the day when all of them will be there, if that can be told."""
    since, until = counted
    moments: list[datetime] = []
    is_long = False
    for one, have, more in lacking:
        if not more:
            continue
        # So few people are no pace, and the day would tell how few they are.
        moment = enough_at(have, more, first=one.first, until=until) if have >= SMALL else None
        if one.first is None or moment is None:
            return f"{said}."
        moments.append(moment)
        is_long = is_long or moment - one.first > until - since
    pace = (
        _("%(said)s: at this pace until %(day)s, counted over %(days)s days.")
        if is_long
        else _("%(said)s: at this pace until %(day)s.")
    )
    day = date_format(timezone.localtime(max(moments)), "DATE_FORMAT")
    return pace % {"said": said, "day": day, "days": LONGEST.days}


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)
