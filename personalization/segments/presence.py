"""What a request's visitor is known to be: one object a request, memoized on it, that never writes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from consent.gate import Consent

    from personalization.rules import Facts, Reason


class Presence:
    """The answers of one request. `matches` asks what is stored, or judges in memory when that may be wrong."""

    version: int
    consent: Consent

    def matches(self, key: str) -> bool:
        """Whether the visitor matches the segment (its slug) or the rule of a source (its key)."""
        raise NotImplementedError

    def why(self, key: str) -> Reason:
        """The same, clause by clause. It costs the timeline, and is for people who look."""
        raise NotImplementedError

    def facts(self) -> Facts:
        """What a rule of the caller's own may be asked about."""
        raise NotImplementedError


def presence_of(request: HttpRequest, now: datetime | None = None) -> Presence:
    """The presence of this request, made at the first call; `now` counts at that call only."""
    raise NotImplementedError
