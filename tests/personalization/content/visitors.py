"""Visitors as the tests of content need them: cookies that prove a consent, and what is stored about its givers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from consent import cookies
from consent.purposes import ANALYTICS, PERSONALIZATION, policy_version
from personalization.profiles.head import configuration_version
from personalization.profiles.models import Profile, Verdict
from personalization.segments.models import Segment, Status
from personalization.segments.published import published
from tracking.models import Visitor

NEVER: dict[str, list[object]] = {"any": []}
"""A rule that is judged and stored, and that nobody matches: the tests put the verdicts in by hand."""


def cookies_of(visitor_id: UUID | None, *, personalization: bool = True) -> dict[str, str]:
    """The cookies of a visitor who chose; without an id, of one who refused."""
    granted = visitor_id is not None
    proof = cookies.encode_proof(
        {ANALYTICS.code: granted, PERSONALIZATION.code: granted and personalization},
        policy=policy_version(),
        given_at=datetime.now(UTC),
        visitor_id=visitor_id,
    )
    return {cookies.PROOF: proof} | ({cookies.VISITOR: cookies.encode_visitor(visitor_id)} if visitor_id else {})


def request_of(visitor_id: UUID | None = None, path: str = "/", **headers: str) -> HttpRequest:
    """A request of this visitor; without an id, of a stranger."""
    request = RequestFactory().get(path, headers=headers or None)
    request.user = AnonymousUser()
    if visitor_id is not None:
        request.COOKIES.update(cookies_of(visitor_id))
    return request


def segment(slug: str, rule: Any = None, **fields: Any) -> Segment:
    """An active segment whose members the test names itself."""
    fields = {"name": slug.replace("-", " ").capitalize(), "status": Status.ACTIVE} | fields
    return Segment.objects.create(slug=slug, rule=NEVER if rule is None else rule, **fields)


def judged(visitor_id: UUID, matching: Iterable[str] = ()) -> UUID:
    """Store that this visitor was judged by the present rules and matches these keys."""
    now = datetime.now(UTC)
    Visitor.objects.update_or_create(pk=visitor_id, defaults={"purposes": 3, "first_seen": now})
    Profile.objects.update_or_create(
        visitor_id=visitor_id, defaults={"judged_version": published(configuration_version()).rules_version}
    )
    for key in matching:
        Verdict.objects.create(visitor_id=visitor_id, key=key, matches=True, since=now)
    return visitor_id
