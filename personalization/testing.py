"""For your tests: visitors of every kind, and the proof that no cache hands one visitor's page to another.

In your ``conftest.py``::

    pytest_plugins = ["personalization.testing"]

and in a test::

    def test_home_page(client, assert_no_variant_leak, attune_visitor):
        visitors = [attune_visitor(), attune_visitor("boots-fans"), attune_visitor("boots-fans", "buyers")]
        assert_no_variant_leak(client, "/", visitors)

It needs pytest-django's fixtures, and caches that keep something (not the dummy cache).
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any, Final, Protocol

import pytest
from django.conf import settings
from django.core.cache import caches
from django.http.response import HttpResponseBase
from django.test import Client, override_settings

from consent import cookies
from consent.purposes import PURPOSES, mask_of, policy_version
from personalization.content.serving.page_key import KEY_HEADER

NO_CACHE: Final = "django.core.cache.backends.dummy.DummyCache"
_PER_REQUEST: Final = re.compile(
    rb"""(name=["']csrfmiddlewaretoken["']\s+value=["'])[^"']*|(\bnonce=["'])[^"']*""", re.IGNORECASE
)


@dataclass(frozen=True)
class Visitor:
    """A kind of visitor: the cookies and headers that a browser of theirs sends."""

    name: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class MakeVisitor(Protocol):
    """Makes a visitor who agreed to everything and is in exactly these segments (or matches these rules)."""

    def __call__(
        self, *segments: str, agreed: bool | None = ..., user: Any = ..., headers: Mapping[str, str] | None = ...
    ) -> Visitor: ...


class AssertNoVariantLeak(Protocol):
    """Asserts that each of several visitors gets their own page, in whatever order they come."""

    def __call__(
        self,
        client: Client,
        url: str,
        visitors: Sequence[Visitor],
        *,
        visits: int = ...,
        seed: int = ...,
        secure: bool = ...,
        normalize: Callable[[bytes], bytes] = ...,
    ) -> None: ...


def without_tokens(content: bytes) -> bytes:
    """A page without what differs at each request: CSRF tokens and nonces."""
    return _PER_REQUEST.sub(lambda match: match[1] or match[2], content)


@pytest.fixture
def attune_visitor(db: None) -> MakeVisitor:
    """Make visitors: ``attune_visitor("boots-fans")``; without segments, a stranger who was never asked.

    ``agreed=True`` agrees without being in a segment, ``agreed=False`` refuses; ``user`` is logged in; ``headers`` are
    sent with each request. Make them after the segments and blocks. Segments that are decided at each visit follow from
    the request, never from here.
    """

    def make(
        *segments: str, agreed: bool | None = None, user: Any = None, headers: Mapping[str, str] | None = None
    ) -> Visitor:
        jar: dict[str, str] = {}
        if segments or agreed is not None:
            if segments and agreed is False:
                raise ValueError("Who refused is in no segment: leave out the segments, or agreed=False.")
            jar.update(_consented(segments) if agreed is not False else _proof(None))
        if user is not None:
            browser = Client()
            browser.force_login(user)
            jar[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        known = {None: "who was not asked", True: "who agreed", False: "who refused"}[True if segments else agreed]
        parts = [f"a visitor {known}"]
        parts += [f"in {', '.join(segments)}"] if segments else []
        parts += [f"logged in as {user}"] if user is not None else []
        parts += [f"sending {name}: {value}" for name, value in (headers or {}).items()]
        return Visitor(", ".join(parts), jar, dict(headers or {}))

    return make


@pytest.fixture
def assert_no_variant_leak() -> AssertNoVariantLeak:
    """Visit a page as each of several visitors, at random and with warm caches, and compare with caching off."""
    return check_no_variant_leak


def check_no_variant_leak(
    client: Client,
    url: str,
    visitors: Sequence[Visitor],
    *,
    visits: int = 60,
    seed: int = 0,
    secure: bool = False,
    normalize: Callable[[bytes], bytes] = without_tokens,
) -> None:
    """Assert that nobody gets another visitor's page, and that caches outside are told to leave it alone.

    Args:
        client: Django's test client; its cookies are replaced.
        url: the page; what is in the site's caches is cleared before.
        visitors: of at least two kinds that see different pages.
        visits: how many visits are made with caches on, each visitor's first ones included.
        seed: the same seed makes the same visits.
        secure: visit over https.
        normalize: takes out of a page what differs at each request; by default CSRF tokens and nonces.

    Raises:
        AssertionError: a visitor got another page than with caching off, or a cache outside may keep it.
        ValueError: the test could not fail, since all of these visitors see the same.
    """

    def visit(visitor: Visitor) -> tuple[bytes, HttpResponseBase]:
        client.cookies = SimpleCookie(_as_sent(visitor.cookies, secure=secure))
        # A key of the client's own choice must not open another visitor's page either.
        headers = {KEY_HEADER: "0" * 32, **visitor.headers}
        response = client.get(url, headers=headers, secure=secure)
        content = b"".join(response) if response.streaming else response.content
        return normalize(b"%d %b" % (response.status_code, content)), response

    with without_caches():
        expected = {visitor.name: visit(visitor)[0] for visitor in visitors}
        for visitor in visitors:
            if visit(visitor)[0] != expected[visitor.name]:
                raise ValueError(
                    f"{url} shows {visitor.name} something else at each visit, with caching off, too: pass "
                    "normalize=, which takes that out of the page."
                )
    if len(set(expected.values())) < 2:
        raise ValueError(f"All visitors see the same at {url}: with them this test could not fail.")
    for alias in set(settings.CACHES) - _kept_caches():
        caches[alias].clear()  # what another test left there is another site's
    order = random.Random(seed)  # noqa: S311  # the same order for the same seed
    plan = [*visitors, *visitors, *order.choices(visitors, k=max(0, visits - 2 * len(visitors)))]
    order.shuffle(plan)
    for number, visitor in enumerate(plan, start=1):
        content, response = visit(visitor)
        if content != expected[visitor.name]:
            owner = next((name for name, page in expected.items() if page == content), None)
            raise AssertionError(
                f"At visit {number} of {url} (seed {seed}), {visitor.name} got "
                + (f"the page of {owner}." if owner else "a page that nobody gets with caching off.")
            )
        _assert_not_shared(url, response)


def without_caches() -> AbstractContextManager[Any]:
    """All caches of the site off, but the one that sessions live in."""
    kept = _kept_caches()
    return override_settings(
        CACHES={
            alias: options if alias in kept else {"BACKEND": NO_CACHE} for alias, options in settings.CACHES.items()
        }
    )


def _kept_caches() -> set[str]:
    return {settings.SESSION_CACHE_ALIAS} if settings.SESSION_ENGINE.endswith(".cache") else set()


def _assert_not_shared(url: str, response: HttpResponseBase) -> None:
    # Imported here: a plugin may be loaded before Django's apps are.
    from personalization.middleware import is_for_shared_caches

    cache_control = response.headers.get("Cache-Control", "").lower()
    names = {directive.split("=")[0].strip() for directive in cache_control.split(",")}
    if not names & {"private", "no-store"} or names & {"public", "s-maxage"}:
        raise AssertionError(f"Caches outside may keep {url}: its Cache-Control is {cache_control!r}.")
    for header in response.headers:
        if is_for_shared_caches(header):
            raise AssertionError(f"Caches outside may keep {url}: it has {header}.")
    if KEY_HEADER.lower() in response.headers.get("Vary", "").lower():
        raise AssertionError(f"{url} names {KEY_HEADER} in Vary, which means nothing outside.")


def _as_sent(jar: Mapping[str, str], *, secure: bool) -> dict[str, str]:
    """The cookies under the names that Attune gives them over http or https."""
    prefix = ("__Secure-" if getattr(settings, "CONSENT_COOKIE_DOMAIN", None) else "__Host-") if secure else ""
    ours = {cookies.CONSENT, cookies.PROOF, cookies.VISITOR}
    return {(prefix + name if name in ours else name): value for name, value in jar.items()}


def _consented(segments: Sequence[str]) -> dict[str, str]:
    """The cookies of somebody who agreed, stored as judged to be in these segments and in no other.

    What variants ask of segments alone, such as not to be in one, follows from that.
    """
    # Imported here: a plugin may be loaded before Django's apps are.
    from personalization.profiles.head import configuration_version, forget
    from personalization.profiles.models import Profile, Verdict
    from personalization.rules import Facts
    from personalization.segments.published import published
    from tracking.models import Visitor as StoredVisitor

    visitor_id = uuid.uuid4()
    codes = [purpose.code for purpose in PURPOSES]
    now = datetime.now(UTC)
    StoredVisitor.objects.create(pk=visitor_id, purposes=mask_of(codes), first_seen=now)
    current = published(configuration_version())
    Profile.objects.create(visitor_id=visitor_id, judged_version=current.rules_version)
    facts = Facts(segments=frozenset(segments))
    follows = (
        key
        for key, one in current.rules.items()
        if ":" in key
        and not (one.trouble or one.is_contextual)
        and one.rule.segments
        and not (one.rule.event_names or one.rule.traits)
        and one.rule.evaluate(facts, now).matches
    )
    Verdict.objects.bulk_create(
        Verdict(visitor_id=visitor_id, key=key, matches=True, since=now) for key in dict.fromkeys([*segments, *follows])
    )
    forget([visitor_id])
    return _proof(visitor_id) | {cookies.VISITOR: cookies.encode_visitor(visitor_id)}


def _proof(visitor_id: uuid.UUID | None) -> dict[str, str]:
    choices = dict.fromkeys((purpose.code for purpose in PURPOSES), visitor_id is not None)
    proof = cookies.encode_proof(choices, policy=policy_version(), given_at=datetime.now(UTC), visitor_id=visitor_id)
    return {cookies.PROOF: proof}
