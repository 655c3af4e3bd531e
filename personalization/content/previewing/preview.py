"""Looking at a page as somebody else would see it: a signed state in the page's address, and what follows from it.

The state travels in one parameter of the query, so that it counts for this page and what the page asks for afterwards,
and for no other tab. It ends at its time, whoever has it; without a right to share it, it opens for its maker alone.
A page that is previewed is made for this once: no cache gives it or keeps it, nothing is recorded or counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from consent.gate import ASSUMED as CONSENT
from consent.gate import NOTHING
from personalization.content.deciding.blocks import Decision, PublishedBlock
from personalization.content.deciding.reasons import DecisionReason, Outcome
from personalization.content.serving.asking import django_request, mark_asked
from personalization.segments.assumed import Assumed, AssumedPresence
from personalization.segments.presence import STAND_IN, Presence

PARAMETER: Final = "attune_preview"
"""The parameter of the page's address that holds the state."""
LONGEST: Final = 1_500
"""Characters of a signed state: with the page's own address it must fit where blocks ask for their content."""
OWN: Final = timedelta(hours=2)
"""So long works what an editor opens, for that editor."""
SHARED: Final = timedelta(hours=24)
"""So long works what is handed on."""
DEFAULT: Final = "default"
"""In the place of a variant: what everyone else sees."""

_SALT: Final = "personalization.content.preview"
_MEMO: Final = "_attune_preview"


class InvalidPreview(ValueError):
    """The state was not signed here, or its time is over."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A state to look at pages in."""

    assumed: Assumed
    expires: datetime
    by: str
    """The primary key of who made it."""
    shared: bool = False
    """It opens for whoever has it; else for its maker alone."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """A block's name in templates → the variant to show whoever it is for, or ``default``."""
    drafts: bool = False
    """Drafts that wait are shown as if they were published."""
    back: str = ""
    """The page of the admin that leaving leads back to; empty: the page itself, as it is."""

    def sign(self) -> str:
        """The state as an address carries it."""
        return signing.dumps(msgspec.to_builtins(self), salt=_SALT, compress=True)

    @classmethod
    def read(cls, token: str, *, now: datetime) -> Preview:
        """Read what an address carries.

        Raises:
            InvalidPreview: it was not signed here, or its time is over.
        """
        if len(token) > LONGEST:
            raise InvalidPreview("It is too long.")
        try:
            preview = msgspec.convert(signing.loads(token, salt=_SALT), cls)
        except (signing.BadSignature, msgspec.ValidationError, ValueError) as error:
            raise InvalidPreview("It was not signed here.") from error
        if preview.expires <= now:
            raise InvalidPreview("Its time is over.")
        return preview

    def address(self, url: str) -> str:
        """This page's address, to be seen in this state."""
        return with_token(url, self.sign())


def with_token(url: str, token: str) -> str:
    """The address with this state, or with none if `token` is empty.

    >>> with_token("/shop/?page=2#list", "abc")
    '/shop/?page=2&attune_preview=abc#list'
    >>> with_token("/shop/?page=2&attune_preview=abc", "")
    '/shop/?page=2'
    """
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PARAMETER]
    return urlunsplit(parts._replace(query=urlencode([*query, (PARAMETER, token)] if token else query)))


def token_in(query: str) -> str | None:
    """The signed state in a query; None where there is none. Costs next to nothing where there is none."""
    if PARAMETER not in query:
        return None
    found = parse_qs(query, keep_blank_values=True).get(PARAMETER)
    return found[0] if found else None


def begin(request: HttpRequest, token: str) -> None:
    """Have this request answered in that state.

    Raises:
        InvalidPreview: the state was not signed here, or its time is over.
    """
    preview = Preview.read(token, now=timezone.now())
    request.__dict__.update(marks(preview))
    mark_asked(request)
    if preview.assumed.language:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = preview.assumed.language
        request.META["HTTP_ACCEPT_LANGUAGE"] = preview.assumed.language


def marks(preview: Preview) -> dict[str, Any]:
    """What a request that is answered in this state carries."""

    def stand_in(request: HttpRequest, now: datetime) -> Presence:
        if not may_see(request):
            return Presence(request, now)
        if not preview.drafts:
            return AssumedPresence(request, now, preview.assumed)
        from personalization.content.previewing.drafts import (
            rules_with_drafts,  # the models of what is shown need previews
        )

        return AssumedPresence(request, now, preview.assumed, rules=rules_with_drafts)

    # Without consent nothing that is done here is recorded for whoever really looks; what they choose is theirs.
    return {_MEMO: preview, STAND_IN: stand_in, CONSENT: NOTHING}


def preview_of(request: HttpRequest) -> Preview | None:
    """The state that this request is answered in, if any."""
    found = getattr(django_request(request), _MEMO, None)
    return found if isinstance(found, Preview) else None


def is_preview(request: HttpRequest) -> bool:
    """Whether this request is answered for somebody who is only assumed: nothing of it is counted, kept or found."""
    return preview_of(request) is not None


def may_see(request: HttpRequest) -> bool:
    """Whether whoever asks may look at the state of this request."""
    preview = preview_of(request)
    if preview is None or preview.shared:
        return preview is not None
    user = getattr(django_request(request), "user", None)
    return bool(user is not None and user.is_active and user.is_staff and str(user.pk) == preview.by)


def as_chosen(request: HttpRequest, block: PublishedBlock | None, decision: Decision) -> Decision:
    """The decision, or the variant that was chosen to be looked at in its place."""
    preview = preview_of(request)
    wanted = None if preview is None or block is None else preview.chosen.get(block.key)
    if wanted is None or block is None or not may_see(request):
        return decision
    shown = tuple(one for one in block.variants if one.uuid == wanted)
    return Decision(block.key, shown, DecisionReason(Outcome.CHOSEN, tuple(one.name for one in shown)), block.default)


def is_chosen(request: HttpRequest, key: str, variant: str) -> bool:
    """Whether that variant of the block was chosen to be looked at, by somebody who may."""
    preview = preview_of(request)
    return preview is not None and preview.chosen.get(key) == variant and may_see(request)
