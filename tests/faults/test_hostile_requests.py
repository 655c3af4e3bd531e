"""Requests as no browser sends them, to a real server: each gets a clear answer, and the page always renders."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from consent import cookies
from consent.purposes import policy_version
from tests.faults.browsing import Visitor, view
from tests.services.processes import SiteProcess
from tests.services.waiting import PATIENCE
from tests.tracking.senders import DESKTOP
from tracking.models import StoredEvent
from tracking.models import Visitor as VisitorRow

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(levels: tuple[int, ...], start_faulty_site: Callable[..., SiteProcess]) -> SiteProcess:
    return start_faulty_site()


def raw(site: SiteProcess, head: str | bytes, chunks: Iterator[bytes] | tuple[bytes, ...] = (), *, end: bool) -> int:
    """Send bytes as they are; the status of the answer, 0 where none came. `end`: hang up before reading on."""
    with socket.create_connection(("127.0.0.1", urlsplit(site.url).port), timeout=PATIENCE) as connection:
        with suppress(OSError):  # a server may answer, and hang up, before it has read all
            connection.sendall(head if isinstance(head, bytes) else head.encode("latin-1"))
            for chunk in chunks:
                connection.sendall(chunk)
            if end:
                connection.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(OSError):
            while b"\r\n" not in answer and (part := connection.recv(4096)):
                answer += part
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 0


def head(visitor: Visitor, *headers: str) -> str:
    """The head of a post to the collector."""
    jar = "; ".join(f"{name}={value}" for name, value in visitor.jar.items())
    lines = (
        "POST /collect/ HTTP/1.1",
        "Host: 127.0.0.1",
        f"User-Agent: {DESKTOP}",
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/json",
        f"Cookie: {jar}",
        *headers,
    )
    return "\r\n".join(lines) + "\r\n\r\n"


def chunked(*bodies: bytes) -> Iterator[bytes]:
    for body in bodies:
        yield b"%x\r\n%s\r\n" % (len(body), body)
    yield b"0\r\n\r\n"


def test_collect__bodies_of_ten_megabytes_cut_short_or_in_chunks__are_refused_and_the_site_goes_on(
    site: SiteProcess,
) -> None:
    visitor = Visitor(site.url)
    batch = json.dumps({"events": [view()]}).encode()
    assert visitor.ask("POST", "/collect/", b"[" * (10 * MEGABYTE)).status in {0, 413}
    announced = head(visitor, f"Content-Length: {10 * MEGABYTE}")
    assert raw(site, announced, (b"[" * MEGABYTE for _ in range(10)), end=False) in {0, 413}
    endless = head(visitor, "Transfer-Encoding: chunked")
    assert raw(site, endless, chunked(*(b"[" * MEGABYTE,) * 10), end=False) in {0, 400, 411, 413}
    # Cut short: nobody may take half of a batch for a whole one.
    for sent in (1, len(batch) // 2, len(batch) - 1):
        assert raw(site, head(visitor, f"Content-Length: {len(batch)}"), (batch[:sent],), end=True) in {0, 400}
    for length in ("-1", "ten", "1e3", ""):
        assert raw(site, head(visitor, f"Content-Length: {length}"), (batch,), end=True) in {0, 400, 411, 413}
    assert not StoredEvent.objects.exists()
    assert visitor.ask("POST", "/collect/", batch).json()["accepted"] == 1
    assert visitor.page().hero == "level 1"


def test_page__spoiled_cookies__renders_for_everybody_and_writes_nothing(site: SiteProcess) -> None:
    honest, other = Visitor(site.url), Visitor(site.url)
    assert honest.send(view()).status == 202
    assert honest.page().hero == "level 1"
    for cookie in (cookies.PROOF, cookies.VISITOR, cookies.CONSENT):
        value = honest.jar.get(cookie, "x")
        spoiled = (
            *(value[:length] for length in (0, 1, len(value) // 2, len(value) - 1)),
            *("x" + value, value + "x", value.swapcase(), value[::-1], ":" + value, value + ":"),
            *('"' * 99, "=" * 99, "%00%ff", "ey" * 1500, "../../etc/passwd"),
            # Another visitor's: honest by itself, and not of this proof.
            other.jar.get(cookie, "x"),
        )
        counts = cookie == cookies.CONSENT  # readable only: nobody believes it, nobody minds it
        for number, wrong in enumerate(spoiled):
            visitor = Visitor(site.url, jar=honest.jar | {cookie: wrong})
            page = visitor.page()
            assert page.status == 200, (cookie, number, wrong)
            assert page.hero.startswith("level" if counts else "for everybody"), (cookie, number, wrong)
            assert visitor.send(view()).status == (202 if counts else 403), (cookie, number, wrong)
            assert visitor.ask("GET", "/consent/").status == 200
        # No text at all: what the server makes of such a header is its own affair, but there is a page.
        assert Visitor(site.url, jar=honest.jar | {cookie: "\x80\xff"}).page().status == 200
    assert list(VisitorRow.objects.values_list("id", flat=True)) == [honest.visitor_id]


def test_page__proofs_of_other_times_and_texts__count_for_nothing(site: SiteProcess) -> None:
    honest = Visitor(site.url)
    assert honest.send(view()).status == 202
    both = {"analytics": True, "personalization": True}
    now = timezone.now()
    wrong = {
        "from the future": cookies.encode_proof(
            both, policy=policy_version(), given_at=now + timedelta(hours=1), visitor_id=honest.visitor_id
        ),
        "older than any consent": cookies.encode_proof(
            both, policy=policy_version(), given_at=now - timedelta(days=200), visitor_id=honest.visitor_id
        ),
        "of retired texts": cookies.encode_proof(both, policy="f00", given_at=now, visitor_id=honest.visitor_id),
        "of a refusal": cookies.encode_proof(
            dict.fromkeys(both, False), policy=policy_version(), given_at=now, visitor_id=None
        ),
        "of a purpose that nobody asks for": cookies.encode_proof(
            {"everything": True}, policy=policy_version(), given_at=now, visitor_id=honest.visitor_id
        ),
    }
    for name, proof in wrong.items():
        visitor = Visitor(site.url, jar=honest.jar | {cookies.PROOF: proof})
        page = visitor.page()
        assert (page.status, page.hero) == (200, "for everybody"), name
        assert visitor.send(view()).status == 403, name
    assert honest.page().hero == "level 1"


def test_page__cookies_replayed_after_the_withdrawal__shows_the_default_and_is_refused(site: SiteProcess) -> None:
    visitor = Visitor(site.url)
    assert visitor.send(view()).status == 202
    thief = Visitor(site.url, visitor.visitor_id, dict(visitor.jar))
    assert thief.page().hero == "level 1"
    assert visitor.choose(analytics=False, personalization=False).status == 200
    for _ in range(2):
        assert thief.send(view()).status == 403
        assert thief.page().hero == "for everybody"
    assert not StoredEvent.objects.exists()
    assert not VisitorRow.objects.exists()


def test_page__foreign_pages_and_odd_requests__changes_nothing(site: SiteProcess) -> None:
    visitor = Visitor(site.url)
    body = json.dumps({"events": [view()]}).encode()
    refusal = json.dumps({"choices": {"analytics": False}}).encode()
    for origin in ("https://evil.example", "null", "", f"{site.url}.evil.example", "http://[::1", "\u00e4"):
        for path, sent in (("/collect/", body), ("/consent/", refusal)):
            answer = visitor.ask("POST", path, sent, Sec_Fetch_Site="cross-site", Origin=origin)
            assert answer.status == 403, (path, origin)
    assert visitor.send(view()).status == 202
    for path in ("/?keys=%00", "/?%ff=%fe", "/?" + "a=b&" * 1000, "/?utm_source=%3Cscript%3E"):
        page = visitor.ask("GET", path, X_Forwarded_For="\x80, not an address", Accept_Language="x" * 4000)
        assert (page.status, page.hero) == (200, "level 1"), path
    for path in ("/%00", "/collect/%00", "/consent/../../", "/no/such/page/"):
        assert visitor.ask("GET", path).status in {400, 404, 405}
