"""Deciding for a request: what its visitor sees, with the reason. Nothing here writes or raises."""

import logging
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from personalization.content.bodies.labels import filled
from personalization.content.deciding.blocks import (
    Decision,
    Explain,
    Looker,
    Matches,
    PublishedBlock,
    failed_decision,
    nothing_known,
    unknown_block,
)
from personalization.content.deciding.calls import CallToActionDecision, PublishedCallToAction, decide_cta
from personalization.content.finding.noticing import note_missing
from personalization.content.finding.template_names import BLOCK, CTA
from personalization.content.finding.unknown import say_unknown
from personalization.content.previewing.drafts import with_drafts
from personalization.content.previewing.preview import as_chosen, is_chosen
from personalization.content.published import Published, published
from personalization.content.serving import mishaps
from personalization.content.serving.asking import django_request, mark_asked, note_answer
from personalization.rules import Reason
from personalization.segments.assumed import AssumedPresence
from personalization.segments.presence import A_CRAWLER, Presence, presence_of
from personalization.segments.request_fields import page_language

logger = logging.getLogger("personalization.content")


def decide(request: HttpRequest, key: str, *, now: datetime | None = None, explain: bool = False) -> Decision:
    """Decide what the block called `key` shows to this request's visitor.

    Never raises: an unknown key gives the default, a database that does not answer the default as this process last
    read it, and the reason says so.
    The page that asks becomes private for caches outside; Django's page caches keep it by the answer only (see
    `page_key`), and not at all if `now` or `explain` is given.

    Args:
        request: the request under way.
        key: the block's name in templates.
        now: an aware datetime; the present by default.
        explain: also say why each variant was shown or passed over, with what was found. Costs the timeline.
    """
    return _decide(request, (key,), now=now, explain=explain)[key]


def decide_all(
    request: HttpRequest, keys: Iterable[str], *, now: datetime | None = None, explain: bool = False
) -> dict[str, Decision]:
    """Decide several blocks at once, all at the same moment. As `decide`, for each key.

    Raises TypeError for one text, which would be taken for the names of its letters.
    """
    if isinstance(keys, str):
        raise TypeError(
            f"decide_all takes several names, such as [{keys!r}]; for one, there is decide(request, {keys!r})."
        )
    return _decide(request, tuple(keys), now=now, explain=explain)


def decide_call_to_action(request: HttpRequest, key: str) -> CallToActionDecision:
    """Decide what the call to action called `key` says to this request's visitor; an unknown one says nothing."""
    try:
        presence = presence_of(django_request(request))
        cta = _published(presence).ctas.get(key)
        language = _language(request, cta)
        decision = _call_to_action(presence, cta, key, language)
        said = filled(decision, presence.trait)
    except Exception:
        mark_asked(request)
        mishaps.say_unread(logger, "Could not decide the call to action %r.", key)
        known = published.latest.ctas.get(key) if published.latest else None
        return filled(CallToActionDecision(key, known.look if known else None, None), nothing_known)
    note_answer(request, _question(_CTA, language, key), _look_answer(decision), version=presence.version)
    if decision.look is None:
        note_missing(request, CTA, key)
    if said is not decision:
        mark_asked(request)  # what is known of the visitor, the answer does not tell
    return said


def in_segment(request: HttpRequest, slug: str) -> bool:
    """Say whether this request's visitor is in the segment; if that cannot be read, they are not. Never raises."""
    try:
        presence = presence_of(django_request(request))
        matches = presence.matches(slug)
        if not matches and not presence.knows(slug):
            say_unknown("segment", slug)
    except Exception:
        mark_asked(request)
        mishaps.say_unread(logger, "Could not tell whether the visitor is in the segment %r.", slug)
        return False
    note_answer(request, _question(_SEGMENT, "", slug), _segment_answer(matches), version=presence.version)
    return matches


def may_hold(request: HttpRequest, key: str, variant: str) -> bool:
    """Say whether what stands in this variant of a block may be told to this request's visitor by itself.

    Not while the block is paused, or the variant waits for its time, is over, or is on trial. Whom it is for and how
    often they saw it is left aside: that may have changed since the page came. Raises what reading raises.
    """
    mark_asked(request)
    presence = presence_of(django_request(request))
    block = _published(presence).blocks.get(key)
    held = next((one for one in block.variants if one.uuid == variant), None) if block is not None else None
    if block is None or held is None or not block.live:
        return False
    looker = _looker(presence, _language(request, block), None, _empty(request))
    return looker.ruled_out(held) is None or is_chosen(request, key, variant)


def pass_over(request: HttpRequest, variants: Set[str]) -> None:
    """From here on, decide in this request as if the variants of these ids were not there: they have nothing to show.

    No cache keeps the page: why there is nothing, no answer tells.
    """
    mark_asked(request)
    request = django_request(request)
    setattr(request, _EMPTY, _empty(request) | variants)


def published_block(request: HttpRequest, key: str) -> PublishedBlock | None:
    """The block called `key` as it is published, or as this process last read it. Asks nothing about the visitor.

    Never raises. It reads the configuration by the version that the request's decisions go by, so that a page with
    both costs nothing more.
    """
    try:
        block = _published(presence_of(django_request(request))).blocks.get(key)
    except Exception:
        mishaps.say_unread(logger, "Could not read how the block %r is shown.", key)
        return published.latest.blocks.get(key) if published.latest else None
    if block is None:
        note_missing(request, BLOCK, key)
    return block


def answer_of(presence: Presence, question: str) -> str:
    """Answer a question that a page noted earlier, now and for this visitor. Raises what reading raises."""
    kind, language, key = question.split(":", 2)
    return _ANSWERS[kind](presence, key, language)


def _decide(request: HttpRequest, keys: tuple[str, ...], *, now: datetime | None, explain: bool) -> dict[str, Decision]:
    if now is not None or explain:
        mark_asked(request)
    decisions: dict[str, Decision] = {}
    try:
        asked = django_request(request)
        presence = presence_of(asked, now)
        blocks, empty = _published(presence).blocks, _empty(asked)
        for key in keys:
            block = blocks.get(key)
            if block is None:
                note_missing(request, BLOCK, key)
            language = _language(request, block)
            decision = decisions[key] = _block(presence, block, key, language, now, empty, explain=explain)
            note_answer(request, _question(_BLOCK, language, key), _block_answer(decision), version=presence.version)
            if presence.is_private:
                mark_asked(request)
                decisions[key] = as_chosen(request, block, decision)
    except Exception:
        mark_asked(request)
        mishaps.say_unread(logger, "Could not decide %s: the default is shown.", ", ".join(map(str, keys)))
        known = published.latest.blocks if published.latest else {}
        return {key: decisions.get(key) or failed_decision(key, known.get(key)) for key in keys}
    return decisions


def _block(
    presence: Presence,
    block: PublishedBlock | None,
    key: str,
    language: str,
    now: datetime | None = None,
    empty: Set[str] = frozenset(),
    *,
    explain: bool = False,
) -> Decision:
    if block is None:
        return unknown_block(key)
    looker = _looker(presence, language, now, empty)
    return looker.decide(block, _why(presence) if explain else None)


def _looker(presence: Presence, language: str, now: datetime | None, empty: Set[str]) -> Looker:
    """Who looks at pages in this language: made once for all blocks of a page, unless it is for another moment."""
    known: Looker | None = presence.kept.get(language) if now is None else None
    if known is None or known.empty != empty:
        known = Looker(
            matches=_matches(presence),
            now=now or presence.now,
            language=language,
            site=presence.site,
            counted=presence.is_known,
            is_team=presence.is_team,
            trait=presence.trait,
            visitor=presence.visitor,
            empty=empty,
            path=presence.path,
        )
        if now is None:
            presence.kept[language] = known
    return known


def _call_to_action(
    presence: Presence, cta: PublishedCallToAction | None, key: str, language: str
) -> CallToActionDecision:
    if cta is None:
        return CallToActionDecision(key, None, None)
    return decide_cta(cta, matches=_matches(presence), language=language, trait=presence.trait)


def _matches(presence: Presence) -> Matches:
    """Who the visitor is, for what depends on that. Search engines find what everyone else sees, on each page."""
    return _crawler_matches if presence.is_crawler else presence.matches


def _why(presence: Presence) -> Explain:
    return _crawler_why if presence.is_crawler else presence.why


def _crawler_matches(key: str) -> bool:
    return False


def _crawler_why(key: str) -> Reason:
    return A_CRAWLER


def _empty(request: HttpRequest) -> frozenset[str]:
    """The variants that were found to have nothing for this request's visitor."""
    empty: frozenset[str] = getattr(django_request(request), _EMPTY, frozenset())
    return empty


def _published(presence: Presence) -> Published:
    """What is compiled is at hand; what must be read and cannot is not asked for again in this request."""
    version = presence.version
    if presence.is_private and isinstance(presence, AssumedPresence) and presence.is_by_other_rules:
        return presence.asked(lambda: with_drafts(version).content)
    return published.kept(version) or presence.asked(lambda: published(version))


def _language(request: HttpRequest, asked: PublishedBlock | PublishedCallToAction | None) -> str:
    """The page's language, where it decides something: Django takes longer to say it than a decision does."""
    return (page_language(django_request(request)) or "") if asked is not None and asked.by_language else ""


_EMPTY: Final = "_attune_empty"

# What is noted of a decision is all that a page may show of it; what it says in words belongs to the version.
_BLOCK: Final = "block"
_CTA: Final = "cta"
_SEGMENT: Final = "segment"


def _question(kind: str, language: str, key: str) -> str:
    return f"{kind}:{language}:{key}"


def _block_answer(decision: Decision) -> str:
    if decision.variants:
        return "\n".join([variant.uuid for variant in decision.variants])
    reason = decision.reason
    return "\n".join((reason.outcome, *reason.variants, reason.other)) if reason.other else reason.outcome


def _look_answer(decision: CallToActionDecision) -> str:
    look = decision.look
    return "" if look is None else "\n".join((decision.segment or "", look.style, look.placement, look.url, look.label))


def _segment_answer(matches: bool) -> str:
    return "1" if matches else "0"


_ANSWERS: Final[Mapping[str, Callable[[Presence, str, str], str]]] = {
    _BLOCK: lambda presence, key, language: _block_answer(
        _block(presence, _published(presence).blocks.get(key), key, language)
    ),
    _CTA: lambda presence, key, language: _look_answer(
        _call_to_action(presence, _published(presence).ctas.get(key), key, language)
    ),
    _SEGMENT: lambda presence, key, language: _segment_answer(presence.matches(key)),
}
