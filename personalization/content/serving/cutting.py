"""Cutting off a variant that takes too long: at its next query, or at the next value that its template looks up.

Python cannot be stopped half-way through somebody's code without harm. So nothing is: there is no signal and no second
thread, the time is looked at in places where stopping is harmless. What passes none of them, such as a function that
waits for another server, runs to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any, Final

from django.db import connections
from django.http import HttpRequest
from django.template import Context
from django.template.backends.django import Template
from django.template.context import make_context
from django.template.loader import get_template

_CUT: Final = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
"""What begins or ends a transaction, or a part of one, goes on: so each ends as it began."""


class TooLate(TimeoutError):
    """A variant has taken all the time that it may."""


@dataclass(slots=True)
class _Deadline:
    at: float
    seconds: float


_deadline: ContextVar[_Deadline | None] = ContextVar("attune_deadline", default=None)


@contextmanager
def cut_off_after(seconds: float) -> Iterator[None]:
    """Have what is within end after that time, with `TooLate`; at the latest when it is over.

    What takes its time inside another one counts for itself alone: the clock of the outer one stands still meanwhile.
    """
    started, around = monotonic(), _deadline.get()
    token = _deadline.set(_Deadline(started + seconds, seconds))
    try:
        with _queries_in_time() if around is None else nullcontext():
            yield
        look_at_the_time()
    finally:
        _deadline.reset(token)
        if around is not None:
            around.at += monotonic() - started


def look_at_the_time() -> None:
    """Go on, unless time is over for the variant that is being rendered.

    Raises:
        TooLate: it is.
    """
    deadline = _deadline.get()
    if deadline is not None and monotonic() > deadline.at:
        raise TooLate(f"It took longer than {deadline.seconds:g} seconds.")


def in_time(context: Context) -> Context:
    """A copy of a template's context; whatever is looked up in it, the time is looked at first."""
    watched = copy(context)
    watched.__class__ = _watched(type(context))
    return watched


def pieces_in_time(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of what is rendered, the time being looked at before each."""
    for piece in pieces:
        look_at_the_time()
        yield piece


def render_in_time(name: str, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> str:
    """Render a template by its name as Django does, in time if it is one of Django's own."""
    template = get_template(name)
    if not isinstance(template, Template):
        return template.render(context, request)
    held = make_context(context, request, autoescape=template.backend.engine.autoescape)
    return template.template.render(in_time(held))


class _Watched(Context):
    def __getitem__(self, key: Any) -> Any:
        look_at_the_time()
        return super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        look_at_the_time()
        super().__setitem__(key, value)

    def get(self, key: Any, otherwise: Any = None) -> Any:
        look_at_the_time()
        return super().get(key, otherwise)


@cache
def _watched(kind: type[Context]) -> type[Context]:
    return kind if issubclass(kind, _Watched) else type(kind.__name__, (_Watched, kind), {})


@contextmanager
def _queries_in_time() -> Iterator[None]:
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(_query_in_time))
        yield


def _query_in_time(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    if isinstance(sql, str) and sql.lstrip("( \n").startswith(_CUT):
        look_at_the_time()
    return execute(sql, params, many, context)
