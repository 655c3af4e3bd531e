"""Deciding for a request: what its visitor sees, with the reason. Nothing here writes or raises."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest

from personalization.content.asking import django_request, mark_asked
from personalization.content.deciding import (
    CallToActionDecision,
    Decision,
    decide_block,
    decide_cta,
    failed_decision,
    unknown_block,
)
from personalization.content.published import Published, published
from personalization.segments.presence import Presence, presence_of
from personalization.segments.request_fields import page_language

logger = logging.getLogger("personalization.content")


def decide(request: HttpRequest, key: str, *, now: datetime | None = None, explain: bool = False) -> Decision:
    """Decide what the block called `key` shows to this request's visitor.

    Never raises: an unknown key and a database that does not answer give the default, and the reason says so.
    The page that asks becomes private: no page cache of Django's keeps it.

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
    """Decide several blocks at once, all at the same moment. As `decide`, for each key."""
    return _decide(request, tuple(keys), now=now, explain=explain)


def decide_call_to_action(request: HttpRequest, key: str) -> CallToActionDecision:
    """Decide what the call to action called `key` says to this request's visitor; an unknown one says nothing."""
    mark_asked(request)
    presence: Presence | None = None
    try:
        presence = presence_of(django_request(request))
        cta = _published(presence).ctas.get(key)
        if cta is None:
            logger.warning("No call to action is called %r: nothing is shown. Create it in the admin.", key)
            return CallToActionDecision(key, None, None)
        return decide_cta(cta, matches=presence.matches, language=_language(request))
    except Exception:
        logger.exception("Could not decide the call to action %r.", key)
        return _cta_without_visitor(key, presence)


def in_segment(request: HttpRequest, slug: str) -> bool:
    """Say whether this request's visitor is in the segment; if that cannot be read, they are not. Never raises."""
    mark_asked(request)
    try:
        return presence_of(django_request(request)).matches(slug)
    except Exception:
        logger.exception("Could not tell whether the visitor is in the segment %r.", slug)
        return False


def _decide(request: HttpRequest, keys: tuple[str, ...], *, now: datetime | None, explain: bool) -> dict[str, Decision]:
    mark_asked(request)
    decisions: dict[str, Decision] = {}
    try:
        presence = presence_of(django_request(request), now)
        blocks = _published(presence).blocks
        language = _language(request)
        for key in keys:
            block = blocks.get(key)
            decisions[key] = (
                unknown_block(key)
                if block is None
                else decide_block(
                    block,
                    matches=presence.matches,
                    now=now or presence.now,
                    language=language,
                    explain=presence.why if explain else None,
                )
            )
    except Exception:
        logger.exception("Could not decide %s: the default is shown.", ", ".join(keys))
        return {key: decisions.get(key) or failed_decision(key) for key in keys}
    return decisions


def _published(presence: Presence) -> Published:
    return published(presence.version)


def _language(request: HttpRequest) -> str:
    return page_language(django_request(request)) or ""


def _cta_without_visitor(key: str, presence: Presence | None) -> CallToActionDecision:
    """What the call to action says to everybody, if the configuration at least is readable."""
    try:
        cta = published(presence.version).ctas.get(key) if presence is not None else None
    except Exception:
        logger.exception("Could not read the call to action %r.", key)
        cta = None
    return CallToActionDecision(key, cta.look if cta else None, None)
