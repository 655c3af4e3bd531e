"""What is asked for after a page is decided as if the page itself asked: its address, referrer and language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import get_script_prefix
from django.utils import timezone, translation

from personalization.content.previewing.preview import InvalidPreview, Preview, marks, token_in
from personalization.content.serving.asking import mark_asked
from personalization.segments.presence import forget_presence
from personalization.segments.request_fields import page_language

LONGEST: Final = 2_000
_FILLING: Final = "_attune_filling"
_PROOFS: Final = "_attune_proofs"
_PAGE: Final = re.compile(r"/(?!/)[^\x00-\x20\\#]*")
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


class InvalidPage(ValueError):
    """What was said about the page cannot be true of a page of this site."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """The page that asks. What is empty is not known."""

    path: str = ""
    query: str = ""
    referrer_host: str = ""
    language: str = ""
    proofs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """A block's key → what shall prove that the page showed it; only its source can tell what that is worth."""

    @classmethod
    def read(
        cls,
        *,
        page: str = "",
        referrer: str = "",
        language: str = "",
        proofs: Mapping[str, Sequence[str]] | None = None,
    ) -> PageContext:
        """Read what a client says.

        Args:
            page: path and query of an address on this site, as in ``/shop/?utm_source=mail``.
            referrer: the host alone that the page was reached from.
            language: the page's; one that the site does not speak is ignored.
            proofs: a block's key → what its shell carried beside it.

        Raises:
            InvalidPage: with what is wrong.

        >>> PageContext.read(page="/shop/?utm_source=mail", referrer="search.example").query
        'utm_source=mail'
        >>> PageContext.read(page="//elsewhere.example/")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        personalization.content.serving.page_context.InvalidPage: “page” must be a path on this site, ...
        """
        if page and (len(page) > LONGEST or not _PAGE.fullmatch(page)):
            raise InvalidPage("“page” must be a path on this site, such as /shop/?page=2.")
        if referrer and not _HOST.fullmatch(referrer):
            raise InvalidPage("“referrer” must be a host, such as www.example.org.")
        path, _, query = page.partition("?")
        return cls(unquote(path), query, referrer.lower(), language, proofs or {})


def is_filling(request: HttpRequest) -> bool:
    """Say whether what is rendered goes into a page that is already there."""
    return bool(getattr(request, _FILLING, False))


def proofs_of(request: HttpRequest, key: str) -> Sequence[str]:
    """What shall prove that the page which asks showed this block."""
    proofs: Mapping[str, Sequence[str]] = getattr(request, _PROOFS, {})
    return proofs.get(key, ())


def is_asked_by_script(request: HttpRequest) -> bool:
    """Say whether a script of a page asks, such as HTMX: what has no body of its own is then a part of that page."""
    return request.headers.get("Sec-Fetch-Dest") == "empty" or request.headers.get("HX-Request") == "true"


@contextmanager
def on_page(request: HttpRequest, page: PageContext) -> Iterator[None]:
    """Let the request be one of that page; after it, it is what it was.

    The request itself is changed, not a copy: what is noted on it meanwhile, such as a CSRF cookie to be sent, counts.
    """
    prefix = get_script_prefix()
    previewed = _preview_of_page(page)
    meta: dict[str, str | None] = {"HTTP_REFERER": f"https://{page.referrer_host}/" if page.referrer_host else None}
    attributes: dict[str, Any] = {_FILLING: True, _PROOFS: page.proofs, **previewed}
    if page.path:
        path_info = "/" + page.path.removeprefix(prefix).lstrip("/")
        meta |= {"QUERY_STRING": page.query, "PATH_INFO": path_info}
        attributes |= {
            "path": page.path,
            "path_info": path_info,
            "GET": QueryDict(page.query, encoding=request.encoding),
        }
    with ExitStack() as stack:
        if page.language != page_language(request) and page.language in dict(settings.LANGUAGES):
            stack.enter_context(translation.override(page.language))
            attributes["LANGUAGE_CODE"] = page.language
        stack.callback(_put, request.META, {name: request.META.get(name) for name in meta})
        stack.callback(_put, request.__dict__, {name: request.__dict__.get(name) for name in attributes})
        stack.callback(forget_presence, request)
        forget_presence(request)
        _put(request.META, meta)
        _put(request.__dict__, attributes)
        if previewed:
            mark_asked(request)
        yield


def _preview_of_page(page: PageContext) -> dict[str, Any]:
    """What asks for a page that is previewed is answered in the same state."""
    token = token_in(page.query)
    try:
        return marks(Preview.read(token, now=timezone.now())) if token else {}
    except InvalidPreview:
        return {}  # the page itself says so


def _put(held: dict[str, Any], values: dict[str, Any]) -> None:
    """Put these values in; None takes out."""
    for name, value in values.items():
        if value is None:
            held.pop(name, None)
        else:
            held[name] = value
