"""Django's page cache with the page key: hits for everybody whose answers are the same, and for nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.content.serving import learned
from personalization.content.serving.page_key import KEY_HEADER, decode, encode
from tests.personalization import pages
from tests.personalization.content.visitors import cookies_of, judged, segment
from tests.personalization.segments.people import LEFT_CART, NOW, request_of, view, visitor_with

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages")]

EDGE = "personalization.middleware.EdgeMiddleware"
KEY = "personalization.middleware.KeyMiddleware"
UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"
ASKING = "tests.personalization.pages.AskingMiddleware"
RIGHT_ORDER = [EDGE, UPDATE, ASKING, KEY, FETCH]


class Site:
    """The site with its page cache; says of each answer whether it was made or found."""

    def __init__(self) -> None:
        self._handler, self._factory = WSGIHandler(), RequestFactory()
        self._handler.load_middleware()
        self.rendered = 0

    def get(self, path: str, visitor: UUID | None = None, **headers: str) -> HttpResponse:
        request = self._factory.get(path, headers={"user-agent": "Mozilla/5.0 Firefox/140.0"} | headers)
        if visitor is not None:
            request.COOKIES.update(cookies_of(visitor))
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        response = self._handler.get_response(request)
        assert isinstance(response, HttpResponse)
        return response

    def made(self, path: str, visitor: UUID | None = None, **headers: str) -> bool:
        """Whether this visit rendered the page."""
        before = self.rendered
        self.get(path, visitor, **headers)
        return self.rendered > before


@pytest.fixture
def open_site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Site]]:
    """Start the site behind middlewares in a given order."""

    def start(middleware: list[str] = RIGHT_ORDER) -> Site:
        settings.MIDDLEWARE = middleware
        site = Site()
        render = pages.page

        def counted(request: HttpRequest, name: str) -> HttpResponse:
            site.rendered += 1
            return render(request, name)

        for pattern in pages.urlpatterns:
            if getattr(pattern, "callback", None) is pages.page:
                monkeypatch.setattr(pattern, "callback", counted)
        return site

    yield start
    cache.clear()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    return open_site()


@pytest.fixture
def block() -> Block:
    fans = segment("fans")
    segment("buyers")
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="For fans", body="<p>for fans</p>", audience_kind="segments").segments.add(
        fans
    )
    return block


@pytest.fixture
def fan(block: Block) -> UUID:
    return judged(uuid4(), ["fans"])


@pytest.fixture
def other_fan(block: Block) -> UUID:
    return judged(uuid4(), ["fans"])


@pytest.fixture
def buyer(block: Block) -> UUID:
    return judged(uuid4(), ["buyers"])


def test_key_middleware__same_answers__second_visitor_gets_the_stored_page(
    site: Site, fan: UUID, other_fan: UUID, buyer: UUID
) -> None:
    assert [site.made("/block/", who) for who in (fan, other_fan, None, buyer, fan)] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert b"for fans" in site.get("/block/", other_fan).content
    assert b"for fans" not in site.get("/block/", buyer).content


@pytest.mark.parametrize("visit", [1, 2, 3])
def test_key_middleware__page_made_or_found__outside_reads_private(site: Site, fan: UUID, visit: int) -> None:
    for _ in range(visit):
        response = site.get("/headers/", fan)
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Cookie"
    assert not {"Expires", "Age", "CDN-Cache-Control"} & set(response.headers)
    assert site.rendered <= 1


@pytest.mark.django_db(transaction=True)  # what a transaction has just changed is not kept hot within it
def test_key_middleware__page_found_with_redis__costs_no_query(
    site: Site, fan: UUID, settings: Settings, redis_url: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.PERSONALIZATION_REDIS_URL = redis_url
    jar = cookies_of(fan)

    def visit() -> HttpResponse:
        request = RequestFactory().get("/block/")
        request.COOKIES.update(jar)
        return site.answer(request)

    for _ in range(2):
        visit()
    with django_assert_num_queries(0):
        assert b"for fans" in visit().content
    assert site.rendered == 1


def test_key_middleware__page_found_twice__the_cache_is_asked_for_the_page_alone(
    site: Site, fan: UUID, other_fan: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        site.get("/block/", fan)
    asked: list[str] = []
    pages_kept = learned.page_cache()
    real = pages_kept.get

    def get(key: str, *rest: Any) -> Any:
        asked.append(key)
        return real(key, *rest)

    monkeypatch.setattr(pages_kept, "get", get)
    assert not site.made("/block/", other_fan)
    assert [key.split(".")[3] for key in asked] == ["cache_page"]


def test_key_middleware__page_found_before_others_say_more__is_found_by_what_it_says_now(
    site: Site, fan: UUID, block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this process saw last is forgotten in time, and never leads to another visitor's page."""
    for _ in range(3):
        site.get("/block/", fan)
    monkeypatch.setattr(learned, "NEAR", -1.0)
    assert not site.made("/block/", fan)
    cache.clear()
    assert [site.made("/block/", who) for who in (fan, None, fan, None)] == [True, True, False, False]


def test_key_middleware__nested_questions__each_way_is_found_again(site: Site, fan: UUID, buyer: UUID) -> None:
    both = judged(uuid4(), ["fans", "buyers"])
    visitors = [fan, buyer, both, None]
    for who in visitors * 2:  # the second time round all ways are known
        site.get("/nested/", who)
    assert [site.made("/nested/", who) for who in visitors] == [False] * 4
    assert [site.get("/nested/", who).content.count(b"both") for who in visitors] == [0, 0, 1, 0]


def test_key_middleware__asked_by_a_middleware_before__is_part_of_the_key(site: Site, fan: UUID) -> None:
    for who, answer in ((fan, b"True"), (None, b"False"), (fan, b"True"), (None, b"False")):
        assert site.get("/asked-before/", who).content == answer


def test_key_middleware__key_sent_by_the_client__is_not_listened_to(site: Site, fan: UUID) -> None:
    keys: list[str] = []
    update = RequestFactory().get("/block/")
    update.COOKIES.update(cookies_of(fan))
    site.answer(update)
    keys.append(update.META["HTTP_X_ATTUNE_KEY"])
    for order in (RIGHT_ORDER, [EDGE, UPDATE, FETCH, KEY]):
        forged = site.get("/block/", None, **{KEY_HEADER: keys[0]})
        assert b"for fans" not in forged.content, order


@pytest.mark.parametrize(
    "order",
    [
        [EDGE, UPDATE, FETCH],
        [EDGE, KEY, UPDATE, FETCH],
        [EDGE, UPDATE, FETCH, KEY],
        [UPDATE, EDGE, KEY, FETCH],
        [UPDATE, KEY, FETCH, EDGE],
        [UPDATE, KEY, FETCH],
        [KEY, EDGE, UPDATE, FETCH],
    ],
)
def test_key_middleware__any_wrong_order__nobody_gets_another_page(
    open_site: Callable[..., Site], fan: UUID, buyer: UUID, order: list[str]
) -> None:
    site = open_site(order)
    for path in ("/block/", "/nested/", "/segment/"):
        for who in (fan, buyer, None, buyer, fan, None, fan):
            assert (b"fan" in site.get(path, who).content.split(b"<section")[0]) == (who == fan), (order, path)


def test_key_middleware__plain_page__costs_nothing_and_is_found(
    site: Site, fan: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site.get("/plain/")
    with django_assert_num_queries(0):
        assert not site.made("/plain/", fan)
    assert "private" not in site.get("/plain/", fan).get("Cache-Control", "")


def test_key_middleware__editor_publishes__everybody_gets_the_new_page_at_once(
    site: Site, block: Block, fan: UUID
) -> None:
    site.get("/block/", fan)
    variant = block.variants.get()
    variant.body = "<p>quite new</p>"
    variant.save()
    assert b"quite new" in site.get("/block/", fan).content
    block.status = Block.Status.PAUSED
    block.save()
    assert b"quite new" not in site.get("/block/", fan).content


def test_key_middleware__cta_with_an_exception__each_look_is_a_version(site: Site, fan: UUID, buyer: UUID) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=segment("regulars"), label="Welcome back")
    regular = judged(uuid4(), ["regulars"])
    for who, label in ((regular, b"Welcome back"), (buyer, b"Join us"), (regular, b"Welcome back")):
        assert label in site.get("/cta/", who).content
    assert site.rendered == 2


def test_key_middleware__cart_left_for_fifteen_minutes__the_stored_page_is_not_theirs_any_more(
    site: Site, block: Block
) -> None:
    rescue = Variant.objects.create(block=block, name="Rescue", body="<p>still here</p>", audience_kind="segments")
    rescue.segments.add(segment("cart-abandoners", LEFT_CART))
    with time_machine.travel(NOW, tick=False):
        who = visitor_with(view(name="add_to_cart"))

    def visit(at: timedelta) -> tuple[bool, bool]:
        with time_machine.travel(NOW + at, tick=False):
            before = site.rendered
            content = site.answer(request_of(who, path="/block/")).content
            return b"still here" in content, site.rendered > before

    assert visit(timedelta(minutes=10)) == (False, True)
    assert visit(timedelta(minutes=14, seconds=59)) == (False, False)
    assert visit(timedelta(minutes=15)) == (True, True)
    assert visit(timedelta(minutes=16)) == (True, False)


def test_key_middleware__variant_starts_and_ends__the_page_follows(site: Site, block: Block) -> None:
    start = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    Variant.objects.create(
        block=block,
        name="Morning",
        body="<p>this morning</p>",
        starts_at=start,
        ends_at=start + timedelta(minutes=5),
        order=1,
    )
    shown = []
    for minutes in (-1, -1, 0, 4, 5, 6):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            shown.append((b"this morning" in site.get("/block/").content, site.rendered))
    assert shown == [(False, 1), (False, 1), (True, 2), (True, 2), (False, 2), (False, 2)]


def test_key_middleware__flushed_cache__is_learned_again(site: Site, fan: UUID) -> None:
    for _ in range(2):
        assert [site.made("/block/", fan) for _ in range(2)] == [True, False]
        cache.clear()


def test_key_middleware__another_process_learned_it__is_found_here(
    open_site: Callable[..., Site], fan: UUID, other_fan: UUID
) -> None:
    assert open_site().made("/block/", fan)
    assert not open_site().made("/block/", other_fan)


def test_key_middleware__two_requests_at_once_learn_different_things__both_are_right(
    site: Site, fan: UUID, buyer: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one reads what was learned, the other writes, then the first writes: what the other learned is lost."""
    from personalization.content.serving.learned import LearnedPages

    real = LearnedPages.learn
    interfered: list[str] = []

    def overtaken(self: LearnedPages, request: HttpRequest, *args: Any) -> Any:
        if not interfered:
            interfered.append(request.path)
            outdated = cache.get(learned.address_of(request))
            site.get("/nested/", buyer)
            cache.set(learned.address_of(request), outdated)
        return real(self, request, *args)

    monkeypatch.setattr(LearnedPages, "learn", overtaken)
    for _ in range(3):
        assert b"fan" in site.get("/nested/", fan).content
        assert b"fan" not in site.get("/nested/", buyer).content.split(b"<section")[0]
    assert interfered
    assert [site.made("/nested/", who) for who in (fan, buyer)] == [False, False]


def test_key_middleware__too_many_versions__is_not_kept_and_said_once(
    site: Site, block: Block, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PERSONALIZATION_MAX_PAGE_VERSIONS = 2
    for number in range(4):
        variant = Variant.objects.create(
            block=block, name=str(number), body=f"<p>only {number}</p>", audience_kind="segments", order=number
        )
        variant.segments.add(segment(f"s{number}"))
    visitors = [judged(uuid4(), [f"s{number}"]) for number in range(4)]
    with caplog.at_level(logging.WARNING, "personalization.content"):
        for _ in range(2):
            for number, who in enumerate(visitors):
                assert f"only {number}".encode() in site.get("/block/", who).content
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "/block/ has more than 2 versions (PERSONALIZATION_MAX_PAGE_VERSIONS)"
    ]
    before = site.rendered
    site.get("/block/", visitors[0])
    assert site.rendered == before + 1


def test_key_middleware__answers_cannot_be_read__default_is_shown_and_not_kept(
    site: Site, fan: UUID, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from personalization.segments.presence import Presence

    site.get("/block/", fan)
    with monkeypatch.context() as broken, caplog.at_level(logging.CRITICAL):
        broken.setattr(Presence, "_read_known", lambda self: 1 / 0)
        assert b"for fans" not in site.get("/block/", fan).content
    assert b"for fans" in site.get("/block/", fan).content
    assert site.rendered == 2


def test_key_middleware__variant_that_fails__is_not_kept(
    site: Site, block: Block, fan: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    block.variants.update(body_kind="template", template_name="not/allowed.html")
    block.save()
    with caplog.at_level(logging.CRITICAL):
        assert [site.made("/block/", fan) for _ in range(2)] == [True, True]


def test_learned_pages__what_is_kept__says_nothing_about_visitors(site: Site, fan: UUID) -> None:
    request = RequestFactory().get("/block/")
    request.COOKIES.update(cookies_of(fan))
    site.answer(request)
    ways = decode(cache.get(learned.address_of(request)))
    assert ways is not None
    assert [step.question for step in ways.steps if step.question] == ["block::hero"]
    assert fan.hex.encode() not in encode(ways)
