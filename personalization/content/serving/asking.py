"""What was asked about a request's visitor, and answered: no cache may hand its page to somebody answered otherwise.

Django's cache middlewares store a page if the request says ``_cache_update_cache``. From the first question on, that
says no, until somebody has put every answer into the key that the page is stored under (see `page_key`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.http import HttpRequest

_ASKED: Final = "_attune_asked"
_STORABLE: Final = "_cache_update_cache"


@dataclass(slots=True)
class Asked:
    """The questions that the making of a page, or of a part of it, has asked, in this order, with the answers."""

    answers: dict[str, str] = field(default_factory=dict)
    version: int | None = None
    """The version of the configuration that answered."""
    is_private: bool = False
    """It depends on the visitor in a way that the answers do not tell."""
    has_changed: bool = False
    """The visitor acted meanwhile, so what is asked before and after may differ."""
    covered: int = 0
    """How many of the answers are in the key that it will be stored under."""

    @property
    def is_anything(self) -> bool:
        """Whether anything was asked at all."""
        return self.is_private or bool(self.answers)

    @property
    def is_told(self) -> bool:
        """Whether the answers tell all that it depends on."""
        return not self.is_private and not (self.has_changed and self.answers)

    def add(self, question: str, answer: str, version: int) -> None:
        """Take down one answer."""
        if self.version is None:
            self.version = version
        if self.version != version or self.answers.setdefault(question, answer) != answer:
            self.is_private = True


_parts: ContextVar[tuple[Asked, ...]] = ContextVar("attune_parts", default=())
"""The parts that are being made, the outermost first."""


def watch(request: HttpRequest) -> None:
    """Begin to note, so that what is asked about a copy of the request is noted of its page as well."""
    _page_of(_held(request))


def note_answer(request: HttpRequest, question: str, answer: str, *, version: int) -> None:
    """Note that what this request is making depends on this answer, and on nothing else about its visitor."""
    _page_of(_held(request)).add(question, answer, version)
    for part in _parts.get():
        part.add(question, answer, version)


def mark_asked(request: HttpRequest) -> None:
    """Note that this request's page depends on its visitor in a way that no key can tell: no cache may store it."""
    request = _held(request)
    for asked in _all_of(request):
        asked.is_private = True


def mark_unasked() -> None:
    """Note that something would have been asked, and no request was there: no part that it stands in may be stored."""
    keep_in_page()


def keep_in_page() -> None:
    """Note that what is being made is this page's alone: no part that it stands in may be stored for other pages."""
    for part in _parts.get():
        part.is_private = True


def mark_changed(request: HttpRequest) -> None:
    """Note that the visitor acted in this request: answers that a cached page was found by no longer count."""
    for asked in _all_of(django_request(request)):
        asked.has_changed = True


def asked_of(request: HttpRequest) -> Asked:
    """All that was asked while this request is under way."""
    return _page_of(django_request(request))


def has_asked(request: HttpRequest) -> bool:
    """Say whether anything was asked while this request was under way."""
    return asked_of(request).is_anything


@contextmanager
def listening() -> Iterator[Asked]:
    """Listen to what is asked within, for a part that is stored by itself; whichever request object is asked about."""
    part = Asked()
    token = _parts.set((*_parts.get(), part))
    try:
        yield part
    finally:
        _parts.reset(token)


def django_request(request: HttpRequest) -> HttpRequest:
    """The request that Django's middlewares see: REST framework wraps it in one of its own."""
    inner = None if isinstance(request, HttpRequest) else getattr(request, "_request", None)
    return inner if isinstance(inner, HttpRequest) else request


def is_to_be_stored(request: HttpRequest) -> bool:
    """Say whether one of Django's cache middlewares looked for this request's page in vain and wants to store it."""
    return bool(request.__dict__.get(_STORABLE, False))


def _all_of(request: HttpRequest) -> tuple[Asked, ...]:
    """The page's questions first, then those of the parts that are being made."""
    return (_page_of(request), *_parts.get())


def _page_of(request: HttpRequest) -> Asked:
    known: Asked | None = getattr(request, _ASKED, None)
    if known is None:
        known = Asked()
        setattr(request, _ASKED, known)
    return known


def _held(request: HttpRequest) -> HttpRequest:
    """Django's request, kept out of caches from now on unless its answers are covered.

    The middlewares set the attribute when they find nothing stored, the one of `cache_page` perhaps after a
    middleware has already asked. So it is the request's class that answers.
    """
    if hasattr(type(request), _STORABLE):
        return request
    request = django_request(request)
    if not hasattr(type(request), _STORABLE):
        kind: Any = type(request)
        request.__class__ = _holding(kind)
    return request


@cache
def _holding(kind: Any) -> Any:
    """A request's class whose attribute says yes only if the key has all that was answered."""

    def wanted(request: HttpRequest) -> bool:
        asked = asked_of(request)
        return is_to_be_stored(request) and asked.is_told and asked.covered == len(asked.answers)

    def want(request: HttpRequest, value: bool) -> None:
        request.__dict__[_STORABLE] = value

    return type(kind.__name__, (kind,), {_STORABLE: property(wanted, want)})
