"""The tags mean the same in Django's templates and in Jinja2's, deferred blocks and mistakes included."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.template import TemplateSyntaxError
from django.template.backends.django import DjangoTemplates
from django.template.backends.jinja2 import Jinja2
from pytest_django import Settings

from personalization.content.finding.unknown import say_unknown
from personalization.content.models import Block, CallToAction, Variant
from personalization.content.serving.asking import has_asked, listening
from personalization.errors import MisusedTag
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.urls"), pytest.mark.once]

BLOCK = '{% personalized_block "hero" %}<i>{{ page }}</i>{% endpersonalized_block %}'
FANS = '{% if_segment "fans" %}in {{ page }}{% else %}out{% endif_segment %}'
Render = Callable[..., str]


def _django(source: str, request: HttpRequest | None, folder: Path, **values: Any) -> str:
    engine = DjangoTemplates(
        {
            "NAME": "django",
            "DIRS": [folder],
            "APP_DIRS": False,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    )
    html: str = engine.from_string("{% load personalization %}" + source).render(values, request)
    return html


def _jinja2(source: str, request: HttpRequest | None, folder: Path, **values: Any) -> str:
    options = {"extensions": ["personalization.jinja2.PersonalizationExtension"]}
    engine = Jinja2({"NAME": "jinja2", "DIRS": [folder], "APP_DIRS": False, "OPTIONS": options})
    html: str = engine.from_string(source).render(values, request)
    return html


LANGUAGES = {"django": _django, "jinja2": _jinja2}


@pytest.fixture(params=LANGUAGES)
def render(request: pytest.FixtureRequest, tmp_path: Path) -> Render:
    """Renders a source in one of the languages, for a request or without."""
    language = LANGUAGES[request.param]
    return lambda source, given=None, **values: language(source, given, tmp_path, **({"page": "Home"} | values))


@pytest.fixture
def placed() -> None:
    """What the sources name: a block for fans, one that comes after its page, a call to action, a segment."""
    fans = segment("fans")
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Fans", audience_kind="segments", body="<p>hi, fan</p>").segments.add(fans)
    Block.objects.create(key="later", name="Later", show="deferred", room=120)
    CallToAction.objects.create(key="join", name="Join", label="<Join>", url="/join/")


SOURCES = [
    BLOCK,
    FANS,
    '{% if_segment "fans" %}in{% endif_segment %}',
    '{% cta "join" %}',
    '{% for number in numbers %}{% personalized_block "hero" %}{{ number }}{% endpersonalized_block %}{% endfor %}',
    '{% personalized_block "later" %}<b>{{ page }}</b>{% endpersonalized_block %}',
    '{% personalized_block "hero" show="deferred" %}a{% cta "join" %}{% endpersonalized_block %}',
    "{% personalized_block name show=way %}x{% endpersonalized_block %}",
    '{% attune_head %}{% attune_body %}{% consent_preferences_link %}{% why_link "hero" %}',
]


@pytest.mark.usefixtures("placed")
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("is_fan", [True, False])
def test_tags__in_both_languages__show_the_same_and_ask_the_same(source: str, is_fan: bool, tmp_path: Path) -> None:
    values: dict[str, Any] = {"page": "<Home>", "numbers": [1, 2], "name": "hero", "way": "revealed"}
    pages, asked = set(), set()
    for language in LANGUAGES.values():
        request = request_of(judged(uuid4(), ["fans"] if is_fan else []))
        pages.add(language(source, request, tmp_path, **values))
        asked.add(has_asked(request))
    assert len(pages) == len(asked) == 1
    (page,) = pages
    assert "<Home>" not in page


@pytest.mark.usefixtures("placed")
def test_tags__of_jinja2__render_only_what_is_shown(tmp_path: Path) -> None:
    fan = request_of(judged(uuid4(), ["fans"]))
    source = '{% personalized_block "hero" %}{{ 1 / 0 }}{% endpersonalized_block %}' + FANS.replace(
        "out", "{{ 1 / 0 }}"
    )
    html = _jinja2(source, fan, tmp_path, page="Home")
    assert "hi, fan" in html
    assert html.endswith("in Home")


def test_layout__of_jinja2s_or_of_djangos_templates__rendered_with_the_pages_context(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "own.html").write_text("{{ page.title() }}, {{ request.path }}")
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="All", body_kind="template", template_name="own.html")
    settings.PERSONALIZATION_VARIANT_TEMPLATES = ["own.html", "admin/color_theme_toggle.html"]
    source = '{% for page in ["home page"] %}' + BLOCK + "{% endfor %}"
    assert ">Home Page, /</div>" in _jinja2(source, request_of(), tmp_path)
    variant.template_name = "admin/color_theme_toggle.html"
    variant.save()
    assert "theme-toggle" in _jinja2(source, request_of(), tmp_path)


MISTAKES = [
    ('{% personalized_block "hero" %}default{% endpersonalized_block %}', False, "has no request"),
    ('{% if_segment "fans" %}in{% else %}default{% endif_segment %}', False, "has no request"),
    ('default{% cta "join" %}', False, "has no request"),
    ("default{% attune_body %}", False, "has no request"),
    ("{% personalized_block nowhere %}default{% endpersonalized_block %}", True, "takes a name"),
    ("{% personalized_block number %}default{% endpersonalized_block %}", True, "was given 7"),
    ("{% if_segment nowhere %}in{% else %}default{% endif_segment %}", True, "takes a name"),
    ("default{% cta nowhere %}", True, "takes a name"),
    ('{% personalized_block "a" show=number %}default{% endpersonalized_block %}', True, "takes show="),
]


@pytest.mark.parametrize(("source", "with_request", "message"), MISTAKES)
def test_mistake__while_debugging__raises_and_says_what_to_do(
    source: str, with_request: bool, message: str, render: Render, settings: Settings
) -> None:
    settings.DEBUG = True
    with pytest.raises(MisusedTag, match=message):
        render(source, request_of() if with_request else None, number=7)


@pytest.mark.parametrize(("source", "with_request", "message"), MISTAKES)
def test_mistake__in_production__default_is_shown_and_it_is_logged(
    source: str, with_request: bool, message: str, render: Render, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="personalization"), listening() as asked:
        html = render(source, request_of() if with_request else None, number=7)
    assert "default" in html
    assert message in caplog.text
    assert asked.is_private is not with_request or 'personalized_block "a"' in source


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{% personalized_block %}x{% endpersonalized_block %}", "takes a block's name"),
        ("{% if_segment %}x{% endif_segment %}", "takes a segment's name"),
        ("{% cta %}", "takes a call to action's name"),
        ("{% personalized_block 'a' show='never' %}x{% endpersonalized_block %}", "takes show='in_place' or"),
    ],
)
def test_mistake__seen_when_compiled__is_told_then(source: str, message: str, render: Render) -> None:
    with pytest.raises(Exception, match=re.escape(message)) as caught:
        render(source, request_of())
    assert caught.type.__name__ == TemplateSyntaxError.__name__  # each language has its own


def test_unknown_names__on_many_pages__are_logged_once(render: Render, caplog: pytest.LogCaptureFixture) -> None:
    name = f"typo-{uuid4()}"  # what is said is said once in a process
    source = BLOCK.replace("hero", name) + FANS.replace("fans", name)
    with caplog.at_level(logging.WARNING, logger="personalization"):
        for _ in range(3):
            assert "<i>Home</i></div>out" in render(source, request_of())
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        f"No block is called '{name}'",
        f"No active segment is called '{name}'",
    ]


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("home-hreo", "Is 'home-hero' meant?"),
        ("Home-Hero", "Is 'home-hero' meant?"),
        ("grüße", "Correct the name in the template: it may have"),
        ("something-else", "Create it in the admin."),
    ],
)
def test_unknown_names__each_kind__are_logged_with_what_to_do(
    name: str, way_out: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("personalization.content.finding.unknown._said", set())
    for kind in ("block", "cta"):
        say_unknown(kind, name, ["home-note", "home-hero"])
    assert len(caplog.messages) == 2
    assert all(way_out in message for message in caplog.messages)


@pytest.mark.parametrize("tag", ["attune_head", "attune_body", "consent_preferences_link", "why_link 'hero'"])
def test_addresses_missing__tag_of_the_page__is_left_out_or_says_so(
    tag: str, render: Render, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = "tests.personalization.nowhere"
    with caplog.at_level(logging.WARNING, logger="personalization"):
        for _ in range(2):
            assert render(f"<p>{{% {tag} %}}</p>", request_of()) == "<p></p>"
    (said,) = caplog.messages
    assert "Is personalization.urls included" in said
    settings.DEBUG = True
    with pytest.raises(MisusedTag, match=r"left out: .* Is personalization"):
        render(f"{{% {tag} %}}", request_of())


def test_files_missing__head__is_left_out(
    render: Render, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name!r}")

    monkeypatch.setattr("personalization.page.static", missing)
    assert render("<p>{% attune_head %}</p>", request_of()) == "<p></p>"
    assert "collectstatic" in caplog.text


def test_unknown_names__more_than_are_kept_in_mind__are_not_logged_without_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("personalization.content.finding.unknown._said", set())
    monkeypatch.setattr("personalization.content.finding.unknown._MOST", 2)
    with caplog.at_level(logging.WARNING, logger="personalization"):
        for number in range(5):
            say_unknown("block", f"b{number}")
    assert len(caplog.records) == 2
