"""The tags: what they render, what they leave unrendered, and that a page always renders."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.template import Context, Engine, RequestContext, TemplateSyntaxError
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.content.serving.asking import has_asked
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.urls")]

BLOCK = '{% personalized_block "hero" %}<i>{{ page }}</i>{{ boom.explode }}{% endpersonalized_block %}'


class Bomb:
    """Raises when a template touches it."""

    def explode(self) -> str:
        raise RuntimeError("boom")


@pytest.fixture
def templates(tmp_path: Path, settings: Settings) -> Path:
    """A folder of templates that are allowed as layouts."""
    (tmp_path / "nice.html").write_text("<b>{{ page }} by {{ request.path }}</b>")
    (tmp_path / "raising.html").write_text("half {{ bomb.explode }}")
    (tmp_path / "mistaken.html").write_text("{% nonsense %}")
    (tmp_path / "secret.html").write_text("secret")
    settings.PERSONALIZATION_VARIANT_TEMPLATES = ["nice.html", "raising.html", "mistaken.html", "missing.html"]
    return tmp_path


def render(source: str, request: HttpRequest | None = None, folder: Path | None = None, **context: Any) -> str:
    engine = Engine(
        dirs=[str(folder)] if folder else [],
        libraries={
            "cache": "tests.personalization.djangos_cache",
            "personalization": "personalization.templatetags.personalization",
        },
        context_processors=["django.template.context_processors.request"],
    )
    template = engine.from_string("{% load personalization %}" + source)
    values = {"page": "Home"} | context
    return template.render(Context(values) if request is None else RequestContext(request, values))


def _block(**fields: Any) -> Block:
    return Block.objects.create(**({"key": "hero", "name": "Hero"} | fields))


def test_personalized_block__variant_fits__wrapped_and_the_body_is_not_rendered() -> None:
    block = _block()
    variant = Variant.objects.create(block=block, name="All", body="<p>for you</p>")
    html = render(BLOCK, request_of(), boom=Bomb())
    assert html == (
        f'<div class="attune-block" data-attune-block="hero" data-attune-variant="{variant.uuid}"><p>for you</p></div>'
    )


def test_personalized_block__nothing_fits__the_body_with_the_pages_context() -> None:
    _block()
    html = render(BLOCK, request_of())
    assert html == '<div class="attune-block" data-attune-block="hero" data-attune-variant="default"><i>Home</i></div>'


def test_personalized_block__block_has_a_default__it_comes_before_the_body() -> None:
    _block(default="<p>everyone</p>")
    assert 'data-attune-variant="default"><p>everyone</p></div>' in render(BLOCK, request_of(), boom=Bomb())


def test_personalized_block__key_from_a_variable__is_resolved_and_escaped() -> None:
    html = render("{% personalized_block key %}x{% endpersonalized_block %}", request_of(), key='"><script>')
    assert 'data-attune-block="&quot;&gt;&lt;script&gt;"' in html
    assert "<script>" not in html


def test_personalized_block__body_raises__empty_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="personalization"):
        html = render("before " + BLOCK + " after", request_of(), boom=Bomb())
    assert re.fullmatch(r'before <div [^>]*data-attune-variant="default"></div> after', html)
    assert [record.exc_info is not None for record in caplog.records] == [True]


@override_settings(DEBUG=True)
def test_personalized_block__body_raises_while_debugging__developer_sees_it() -> None:
    with pytest.raises(RuntimeError, match="boom"):
        render(BLOCK, request_of(), boom=Bomb())


def test_personalized_block__layout__is_rendered_with_the_pages_context(templates: Path) -> None:
    Variant.objects.create(block=_block(), name="Nice", body_kind="template", template_name="nice.html")
    assert "<b>Home by /there/</b>" in render(BLOCK, request_of(path="/there/"), templates)


@pytest.mark.parametrize("name", ["raising.html", "mistaken.html", "missing.html", "secret.html", "../settings.py"])
def test_personalized_block__layout_fails__default_logged_with_its_traceback(
    templates: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    Variant.objects.create(block=_block(), name="Bad", body_kind="template", template_name=name)
    with caplog.at_level(logging.ERROR, logger="personalization"):
        html = render(
            "{% personalized_block 'hero' %}fine{% endpersonalized_block %} {{ page }}",
            request_of(),
            templates,
            bomb=Bomb(),
        )
    assert html.endswith('data-attune-variant="default">fine</div> Home')
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert "Bad" in caplog.text


def test_personalized_block__no_request__body_and_a_hint(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="personalization"):
        assert render(BLOCK) == "<i>Home</i>"
    assert "context_processors.request" in caplog.text


def test_personalized_block__page_with_many__few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    fans = segment("fans")
    for number in range(20):
        block = Block.objects.create(key=f"b{number}", name=f"B{number}")
        Variant.objects.create(block=block, name="V", body="<p>x</p>", audience_kind="segments").segments.add(fans)
    source = "".join(f"{{% personalized_block 'b{number}' %}}d{{% endpersonalized_block %}}" for number in range(20))
    visitor = judged(uuid4(), ["fans"])
    render(source, request_of(visitor))
    with django_assert_max_num_queries(1):
        assert render(source, request_of(visitor)).count("<p>x</p>") == 20


def test_if_segment__member_and_stranger__each_their_own_part() -> None:
    segment("fans")
    member = request_of(judged(uuid4(), ["fans"]))
    source = '{% if_segment "fans" %}in {{ page }}{% else %}out {{ page }}{% endif_segment %}'
    assert render(source, member) == "in Home"
    assert render(source, request_of()) == "out Home"
    assert render(source) == "out Home"


def test_if_segment__without_else__nothing_for_others() -> None:
    assert render('a{% if_segment "fans" %}b{% endif_segment %}c', request_of()) == "ac"


def test_if_segment__part_of_others__is_not_rendered() -> None:
    source = '{% if_segment "fans" %}{{ boom.explode }}{% else %}out{% endif_segment %}'
    assert render(source, request_of(), boom=Bomb()) == "out"


def test_if_segment__nested_blocks_of_a_parent_template__are_found(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_text(
        "{% load personalization %}{% if_segment 'fans' %}x{% else %}"
        "{% block inner %}base{% endblock %}{% endif_segment %}"
    )
    engine = Engine(dirs=[str(tmp_path)], libraries={"personalization": "personalization.templatetags.personalization"})
    child = engine.from_string("{% extends 'base.html' %}{% block inner %}child{% endblock %}")
    assert child.render(RequestContext(request_of())) == "child"


def test_cta__override_and_everybody__escaped_links_the_tracker_knows() -> None:
    fans = segment("fans")
    cta = CallToAction.objects.create(key="join", name="Join", label='<b>Join "us"</b>', url="/join/?a=1&b=2")
    CallToActionOverride.objects.create(cta=cta, segment=fans, label="Welcome", style="secondary")
    assert render('{% cta "join" %}', request_of()) == (
        '<a class="attune-cta attune-cta--primary" href="/join/?a=1&amp;b=2" data-attune-cta="join"'
        ' data-attune-event="select_content" data-attune-event-content-type="cta"'
        ' data-attune-event-content-id="join">&lt;b&gt;Join &quot;us&quot;&lt;/b&gt;</a>'
    )
    member = render('{% cta "join" %}', request_of(judged(uuid4(), ["fans"])))
    assert "attune-cta--secondary" in member
    assert ">Welcome</a>" in member


def test_cta__unknown_or_unsafe__nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="personalization"):
        assert render('{% cta "nowhere" %}', request_of()) == ""
    assert "nowhere" in caplog.text
    CallToAction.objects.create(key="bad", name="Bad", label="Bad", url="javascript:alert(1)")
    assert render('{% cta "bad" %}', request_of()) == ""
    assert render('{% cta "bad" %}') == ""


def test_attune_head_and_body__any_visitor__the_same_external_files_and_nothing_is_asked() -> None:
    source = "{% attune_head %}|{% attune_body %}|{% consent_preferences_link %}"
    stranger, known = request_of(), request_of(judged(uuid4()))
    html = render(source, stranger)
    assert html == render(source, known)
    assert not has_asked(stranger)
    assert not has_asked(known)
    for tag in re.findall(r"<script[^>]*>", html):
        assert " src=" in tag
        assert " defer" in tag
    assert "<style" not in html
    assert 'src="/collect/tracker.js"' in html
    assert 'href="/consent/preferences/"' in html


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{% personalized_block %}x{% endpersonalized_block %}", "takes a block's name"),
        ('{% personalized_block "a" "b" %}x{% endpersonalized_block %}', "it was given 2 arguments"),
        ("{% personalized_block 'a' %}x", "endpersonalized_block"),
        ("{% if_segment %}x{% endif_segment %}", "takes a segment's name"),
        ("{% if_segment 'a' %}x", "endif_segment"),
        ("{% cta %}", "takes a call to action's name"),
        ("{% load cache %}{% cache 60 x %}{% cta 'a' %}{% endcache %}", "must not stand inside {% cache %}"),
        (
            "{% load cache %}{% cache 9 x %}{% if a %}{% if_segment 'a' %}{% endif_segment %}{% endif %}{% endcache %}",
            "must not stand inside {% cache %}",
        ),
    ],
)
def test_tags__wrong_use__a_clear_error_when_compiled(source: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=re.escape(message)):
        render(source)
