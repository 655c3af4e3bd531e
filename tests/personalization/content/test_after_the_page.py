"""Blocks that come after their page: what the page holds, what is asked for then, and what is answered."""

from __future__ import annotations

import gzip
import logging
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.template import Engine, RequestContext, TemplateSyntaxError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

import personalization.content
from personalization.content.models import MOST_ROOM, Block, Variant
from personalization.content.serving.asking import has_asked
from personalization.content.serving.rendering import ROOM_STEP
from personalization.content.serving.wire import MOST_KEYS
from tests.personalization.content.visitors import cookies_of, judged, request_of, segment

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.urls")]

STATIC = Path(personalization.content.__file__).parent / "static" / "personalization" / "content"
HERO = '{% personalized_block "hero" %}<i>for all</i>{% endpersonalized_block %}'
URL = "/personalization/blocks/"
MOST_BYTES = 2_048


def render(source: str, request: Any = None, **context: Any) -> str:
    engine = Engine(
        libraries={"personalization": "personalization.templatetags.personalization"},
        context_processors=["django.template.context_processors.request"],
    )
    template = engine.from_string("{% load personalization %}" + source)
    return template.render(RequestContext(request or request_of(), context))


def ask(client: Client, keys: str = "hero", **about: str) -> Any:
    """What the script asks, and is answered."""
    response = client.get(URL, {"keys": keys} | about)
    assert response.status_code == 200, response.content
    return response.json()


@pytest.fixture
def hero() -> Block:
    """A block that comes after its page."""
    return Block.objects.create(key="hero", name="Hero", show="deferred")


def ruled(block: Block, rule: Any, **fields: Any) -> Variant:
    fields = {"body": "<p>for some</p>", "audience_kind": "rule", "rule": rule} | fields
    return Variant.objects.create(block=block, name="Some", **fields)


# --- The page ---


def test_deferred_block__in_its_page__is_what_all_see_and_asks_nothing(hero: Block) -> None:
    segment("fans")
    variant = Variant.objects.create(block=hero, name="Fans", body="<p>fans</p>", audience_kind="segments")
    variant.segments.set(list(variant.segments.model.objects.all()))
    fan, stranger = request_of(judged(uuid4(), ["fans"])), request_of()
    assert render(HERO, fan) == render(HERO, stranger)
    assert render(HERO, fan) == (
        '<div class="attune-block" data-attune-deferred="hero" data-attune-language="en"><i>for all</i></div>'
    )
    assert not has_asked(fan)
    assert not has_asked(stranger)
    hero.show = "in_place"
    hero.save()
    fan = request_of(judged(uuid4(), ["fans"]))
    assert "<p>fans</p>" in render(HERO, fan)
    assert has_asked(fan)


def test_deferred_block__with_a_default_of_its_own__holds_that(hero: Block) -> None:
    hero.default = "<p>everyone</p>"
    hero.save()
    assert "><p>everyone</p></div>" in render(HERO)


def test_deferred_block__body_that_asks__makes_the_page_private(hero: Block) -> None:
    Block.objects.create(key="inner", name="Inner")
    request = request_of()
    inner = '{% personalized_block "inner" %}x{% endpersonalized_block %}'
    render('{% personalized_block "hero" %}' + inner + "{% endpersonalized_block %}", request)
    assert has_asked(request)


@pytest.mark.parametrize(("room", "kept"), [(None, ""), (1, "20"), (20, "20"), (21, "40"), (1000, "1000")])
def test_deferred_block__room__is_a_class_of_the_stylesheet(hero: Block, room: int | None, kept: str) -> None:
    hero.room = room
    hero.full_clean()
    hero.save()
    html = render(HERO)
    assert "style" not in html
    assert (f' attune-room-{kept}"' in html) is bool(kept)
    assert ("room" in html) is bool(kept)


def test_stylesheet__each_step__keeps_as_much_room_as_its_name_says() -> None:
    styles = (STATIC / "blocks.css").read_text()
    for room in range(ROOM_STEP, MOST_ROOM + 1, ROOM_STEP):
        assert f".attune-room-{room} {{\n  min-height: {room}px;\n}}" in styles


@pytest.mark.parametrize(
    ("stored", "said", "deferred"),
    [
        ("in_place", "", False),
        ("deferred", "", True),
        ("in_place", ' show="deferred"', True),
        ("deferred", ' show="in_place"', False),
        ("in_place", " show=wanted", True),
        ("in_place", " show=nothing", False),
    ],
)
def test_personalized_block__show__overrules_the_editors_choice(stored: str, said: str, deferred: bool) -> None:
    Block.objects.create(key="hero", name="Hero", show=stored)
    source = '{% personalized_block "hero"' + said + " %}x{% endpersonalized_block %}"
    assert ("data-attune-deferred" in render(source, wanted="deferred")) is deferred


def test_personalized_block__show_that_there_is_not__is_refused_or_logged(
    hero: Block, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TemplateSyntaxError, match="takes show='in_place' or 'deferred' or 'revealed'"):
        render('{% personalized_block "hero" show="later" %}x{% endpersonalized_block %}')
    with caplog.at_level(logging.WARNING, "personalization"):
        assert "data-attune-deferred" in render(
            '{% personalized_block "hero" show=no %}{% endpersonalized_block %}', no="x"
        )
    assert "'x'" in caplog.text


def test_revealed_block__in_its_page__is_hidden_and_says_what_it_waits_for(hero: Block) -> None:
    hero.show, hero.reveal_on, hero.reveal_after, hero.room = "revealed", "dwell", 7, 200
    hero.save()
    request = request_of()
    html = render(HERO, request)
    assert html.endswith(" hidden><i>for all</i></div>")
    assert 'data-attune-deferred="hero"' in html
    assert 'data-attune-reveal="dwell" data-attune-after="7"' in html
    assert 'data-attune-label="A note on this page" data-attune-close="Close"' in html
    with translation.override("de"):
        assert 'data-attune-close="Schließen"' in render(HERO, request_of())
    assert "room" not in html
    assert not has_asked(request)
    assert "hidden" not in render('{% personalized_block "hero" show="deferred" %}{% endpersonalized_block %}')


@pytest.mark.parametrize(("on", "after"), [("scroll", "50"), ("dwell", "30"), ("idle", "60"), ("exit", "0")])
def test_revealed_block__how_much_left_empty__is_the_usual(hero: Block, on: str, after: str) -> None:
    hero.show, hero.reveal_on = "revealed", on
    hero.full_clean()
    hero.save()
    assert f'data-attune-reveal="{on}" data-attune-after="{after}"' in render(HERO)


def test_revealed_block__nobody_made_it__appears_as_usual() -> None:
    html = render('{% personalized_block "new" show="revealed" %}x{% endpersonalized_block %}')
    assert 'data-attune-reveal="scroll" data-attune-after="50"' in html


@pytest.mark.parametrize(
    ("on", "after", "right"), [("scroll", 100, True), ("scroll", 101, False), ("dwell", 101, True)]
)
def test_block__so_many_percent__are_no_more_than_there_are(hero: Block, on: str, after: int, right: bool) -> None:
    hero.reveal_on, hero.reveal_after = on, after
    if right:
        hero.full_clean()
    else:
        with pytest.raises(ValidationError) as caught:
            hero.full_clean()
        assert list(caught.value.error_dict) == ["reveal_after"]


# --- The answer ---


def test_blocks__one_request__answers_for_all(client: Client, hero: Block) -> None:
    variant = Variant.objects.create(block=hero, name="All", body="<p>for you</p>")
    Block.objects.create(key="other", name="Other", default="<p>everyone</p>")
    response = client.get(URL, {"keys": "hero,other,nobody,hero,"})
    assert response.json() == {
        "blocks": {
            "hero": {"variant": str(variant.uuid), "html": "<p>for you</p>"},
            "other": {"variant": "default", "html": None},
        },
        "unknown": ["nobody"],
    }
    assert response["Content-Type"] == "application/json"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_blocks__visitor_who_agreed__is_known(client: Client, hero: Block) -> None:
    segment("fans")
    variant = Variant.objects.create(block=hero, name="Fans", body="<p>fans</p>", audience_kind="segments")
    variant.segments.set(list(variant.segments.model.objects.all()))
    assert ask(client)["blocks"]["hero"] == {"variant": "default", "html": None}
    for name, value in cookies_of(judged(uuid4(), ["fans"])).items():
        client.cookies[name] = value
    assert ask(client)["blocks"]["hero"]["html"] == "<p>fans</p>"


@pytest.mark.parametrize(
    ("rule", "about", "other"),
    [
        ({"request": "path", "is": "/shöp/"}, {"page": "/sh%C3%B6p/?a=1"}, {"page": "/other/"}),
        ({"request": "query.a", "is": "1"}, {"page": "/?b=2&a=1"}, {"page": "/?a=2"}),
        ({"request": "utm_source", "is": "mail"}, {"page": "/?utm_source=mail"}, {"page": "/"}),
        ({"request": "referrer_host", "is": "find.example"}, {"referrer": "Find.example"}, {"page": "/"}),
        ({"request": "language", "is": "de"}, {"language": "de"}, {"language": "xx"}),
    ],
)
def test_blocks__rules_about_the_request__are_about_the_page(
    client: Client, hero: Block, rule: Any, about: dict[str, str], other: dict[str, str]
) -> None:
    ruled(hero, rule)
    own = {"Referer": "https://testserver/the-page/?a=1"}
    assert client.get(URL, {"keys": "hero"} | about, headers=own).json()["blocks"]["hero"]["html"]
    assert client.get(URL, {"keys": "hero"} | other, headers=own).json()["blocks"]["hero"]["html"] is None


@pytest.mark.parametrize("field", ["path", "referrer_host", "query.keys"])
def test_blocks__page_that_tells_nothing__is_not_taken_for_the_request_itself(
    client: Client, hero: Block, field: str
) -> None:
    ruled(hero, {"request": field, "exists": True})
    answer = client.get(URL, {"keys": "hero", "page": "/a/"}, headers={"Referer": "https://testserver/"}).json()
    assert bool(answer["blocks"]["hero"]["html"]) is (field == "path")


@pytest.mark.parametrize(
    "about",
    [
        {"keys": ""},
        {"keys": ","},
        {"keys": ",".join(f"k{number}" for number in range(MOST_KEYS + 1))},
        {"page": "https://elsewhere.example/"},
        {"page": "//elsewhere.example/"},
        {"page": "shop/"},
        {"page": "/a\nb"},
        {"page": "/\\elsewhere.example"},
        {"page": "/" + "x" * 2_000},
        {"referrer": "https://find.example/?q=name"},
        {"referrer": "find.example/path"},
    ],
)
def test_blocks__what_no_page_says__is_refused(client: Client, hero: Block, about: dict[str, str]) -> None:
    response = client.get(URL, {"keys": "hero"} | about)
    assert response.status_code == 400
    assert response.json()["error"]
    assert response["Cache-Control"] == "private, no-store"


def test_blocks__most_keys__are_answered(client: Client) -> None:
    assert len(ask(client, ",".join(f"k{number}" for number in range(MOST_KEYS)))["unknown"]) == MOST_KEYS


def test_blocks__other_methods__are_refused(client: Client) -> None:
    assert client.post(f"{URL}?keys=hero").status_code == 405


def test_blocks__too_many_from_one_address__are_refused(client: Client, hero: Block, settings: Settings) -> None:
    settings.PERSONALIZATION_BLOCKS_PER_MINUTE = 1
    asked, refused = (client.get(URL, {"keys": "hero"}) for _ in range(2))
    assert (asked.status_code, refused.status_code) == (200, 429)
    assert refused["Retry-After"] == "60"


def test_blocks__variant_that_fails__is_the_default_and_is_counted(
    client: Client, hero: Block, caplog: pytest.LogCaptureFixture
) -> None:
    variant = Variant.objects.create(block=hero, name="Broken", body_kind="template", template_name="gone.html")
    assert ask(client)["blocks"]["hero"] == {"variant": "default", "html": None}
    variant.refresh_from_db()
    assert variant.failures == 1
    assert "Broken" in caplog.text


def test_blocks__layout__is_rendered_as_on_the_page(
    client: Client, hero: Block, settings: Settings, tmp_path: Path
) -> None:
    # A block inside is in place there: nobody would fill it.
    (tmp_path / "nice.html").write_text(
        "{% load personalization %}{{ request.path }} {{ request.GET.a }} "
        '{% personalized_block "hint" %}hint{% endpersonalized_block %}'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    settings.PERSONALIZATION_VARIANT_TEMPLATES = ["nice.html"]
    Block.objects.create(key="hint", name="Hint", show="deferred")
    Variant.objects.create(block=hero, name="Nice", body_kind="template", template_name="nice.html")
    html = ask(client, page="/shop/?a=7")["blocks"]["hero"]["html"]
    assert html.startswith("/shop/ 7 ")
    assert 'data-attune-block="hint" data-attune-variant="default">hint</div>' in html


def test_blocks__paused__is_the_default_from_the_next_request_on(client: Client, hero: Block) -> None:
    Variant.objects.create(block=hero, name="All", body="<p>for you</p>")
    assert ask(client)["blocks"]["hero"]["html"] == "<p>for you</p>"
    hero.status = "paused"
    hero.save()
    assert ask(client)["blocks"]["hero"]["html"] is None


@pytest.mark.urls("tests.personalization.pages")
def test_deferred_page__in_djangos_page_cache__is_kept_once_for_all(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [
        "personalization.middleware.EdgeMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        "personalization.middleware.KeyMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    cache.clear()
    block = Block.objects.create(key="hero", name="Hero", show="deferred")
    variant = Variant.objects.create(block=block, name="All", body="<p>for you</p>")
    pages = []
    for _ in range(2):
        client.cookies.clear()
        for name, value in cookies_of(judged(uuid4())).items():
            client.cookies[name] = value
        pages.append(client.get("/block/"))
        assert "private" not in pages[-1]["Cache-Control"]
        assert "Cookie" not in pages[-1].get("Vary", "")
        Variant.objects.filter(pk=variant.pk).update(body="<p>new</p>")
    assert pages[0].content == pages[1].content
    assert b'data-attune-deferred="hero"' in pages[0].content
    assert ask(client)["blocks"]["hero"]["variant"] == str(variant.uuid)


# --- The script ---


def test_script__compressed__is_small_and_all_of_it_is_there(client: Client) -> None:
    sent = client.get(reverse("personalization:blocks-script")).content
    assert len(gzip.compress(sent, 9)) <= MOST_BYTES
    written = [line.strip() for line in (STATIC / "blocks.js").read_text().splitlines()]
    assert sent.decode().splitlines() == [line for line in written if line and not line.startswith("//")]


def test_script__asked_again__is_not_sent_again(client: Client) -> None:
    response = client.get(reverse("personalization:blocks-script"))
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=3600"
    again = client.get("/personalization/blocks.js", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
