"""The `{% cache %}` tag: parts that ask are kept by the answers, all others as Django keeps them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache, caches
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest
from django.template import Context, Engine, RequestContext, TemplateSyntaxError, engines
from django.templatetags.cache import CacheNode
from django.utils.translation import override
from pytest_django import Settings

from personalization.content.models import Block, Variant
from personalization.content.serving.asking import asked_of
from personalization.templatetags.attune_cache import PersonalizedCacheNode
from tests.docs.reading import code_blocks, document
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db

PART = (
    "{% load cache personalization %}{% cache 600 part %}{{ count }}"
    '{% if_segment "fans" %}fan{% else %}other{% endif_segment %}{% endcache %}'
)
SEGMENT = '{% if_segment "fans" %}fan{% else %}other{% endif_segment %}'
PLAIN = "{% load cache %}{% cache 600 part %}{{ count }}{% endcache %}"


class Counter:
    """Counts how often it is rendered."""

    def __init__(self) -> None:
        self.count = 0

    def __str__(self) -> str:
        self.count += 1
        return f"{self.count} "


@pytest.fixture
def render() -> Callable[..., str]:
    """Render a template's source for a request, or for none."""
    counter = Counter()

    def rendered(source: str, request: HttpRequest | None = None, **context: Any) -> str:
        template: Any = engines["django"].from_string(source)
        values = {"count": counter} | context
        return str(template.template.render(Context(values) if request is None else RequestContext(request, values)))

    return rendered


@pytest.fixture
def fan() -> UUID:
    segment("fans")
    segment("buyers")
    return judged(uuid4(), ["fans"])


def test_load_cache__attune_is_installed__is_the_one_that_knows_of_answers() -> None:
    template: Any = engines["django"].from_string(PLAIN)
    (node,) = template.template.nodelist.get_nodes_by_type(CacheNode)
    assert isinstance(node, PersonalizedCacheNode)


def test_cache__part_that_asks__is_kept_once_for_each_answer(render: Callable[..., str], fan: UUID) -> None:
    others = [None, judged(uuid4(), ["buyers"]), None]
    shown = [render(PART, request_of(who)) for who in (fan, *others, fan)]
    assert shown == ["1 fan", "2 other", "2 other", "2 other", "1 fan"]


def test_cache__part_that_is_found__makes_the_page_private_all_the_same(render: Callable[..., str], fan: UUID) -> None:
    asked = []
    for _ in range(2):
        request = request_of(fan)
        render(PART, request)
        asked.append(asked_of(request).answers)
    assert asked[0] == asked[1] == {"segment::fans": "1"}


def test_cache__its_key_is_deleted__all_versions_are_made_anew(render: Callable[..., str], fan: UUID) -> None:
    for who in (fan, None):
        render(PART, request_of(who))
    cache.delete(make_template_fragment_key("part"))
    assert [render(PART, request_of(who)) for who in (fan, None)] == ["3 fan", "4 other"]


def test_cache__editor_publishes__is_made_anew(render: Callable[..., str], fan: UUID) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="All", body="<p>old</p>", audience_kind="everybody")
    source = (
        '{% load cache personalization %}{% cache 600 x %}{% personalized_block "hero" %}{% endpersonalized_block %}'
    )
    assert "old" in render(source + "{% endcache %}", request_of(fan))
    variant.body = "<p>new</p>"
    variant.save()
    assert "new" in render(source + "{% endcache %}", request_of(fan))


def test_cache__plain_part__is_kept_as_by_django(render: Callable[..., str], fan: UUID) -> None:
    assert [render(PLAIN, request_of(who)) for who in (fan, None)] == ["1 ", "1 "]
    assert cache.get(make_template_fragment_key("part")) == "1 "
    assert render(PLAIN) == "1 "


def test_cache__what_it_depends_on_besides__tells_parts_apart(render: Callable[..., str], fan: UUID) -> None:
    source = PART.replace("cache 600 part", "cache 600 part language")
    shown = [render(source, request_of(fan), language=language) for language in ("en", "de", "en")]
    assert shown == ["1 fan", "2 fan", "1 fan"]


def test_cache__without_a_request__everybody_else_is_shown_and_nothing_of_visitors_is_touched(
    render: Callable[..., str], fan: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    assert render(PART, request_of(fan)) == "1 fan"
    with caplog.at_level(logging.CRITICAL):
        assert render(PART) == "2 other"
    assert render(PART, request_of(fan)) == "1 fan"


def test_cache__part_is_made_without_a_request_first__is_not_kept_for_visitors(
    render: Callable[..., str], fan: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        assert render(PART) == "1 other"
    assert render(PART, request_of(fan)) == "2 fan"


@pytest.mark.parametrize(
    ("processors", "source"),
    [
        ([], "{part}"),
        (["django.template.context_processors.request"], '{{% include "part.html" only %}}'),
        (["django.template.context_processors.request"], "{{% with request=None %}}{part}{{% endwith %}}"),
    ],
    ids=["no context processor", "included with only", "request is hidden"],
)
def test_cache__request_is_not_among_the_names__part_is_kept_by_the_answers_all_the_same(
    fan: UUID, processors: list[str], source: str
) -> None:
    part = "{% load cache personalization %}{% cache 600 part %}" + SEGMENT + "{% endcache %}"
    engine = Engine(
        libraries={
            "personalization": "personalization.templatetags.personalization",
            "cache": "django.templatetags.cache",
        },
        context_processors=processors,
        loaders=[("django.template.loaders.locmem.Loader", {"part.html": part})],
    )
    template = engine.from_string(source.format(part=part))
    shown = [template.render(RequestContext(request_of(who))) for who in (fan, None, fan)]
    assert shown == ["fan", "other", "fan"]


@pytest.mark.parametrize(
    "source",
    [
        '{% if_segment "buyers" %}b{% endif_segment %}'
        "{% cache 600 a %}{% cache 600 b %}x{% endcache %}{part}{% endcache %}",
        "{% cache 600 a %}{% cache 600 b %}{% cache 600 c %}"
        '{% if_segment "buyers" %}b{% endif_segment %}{% endcache %}{% endcache %}{part}{% endcache %}',
    ],
    ids=["beside a plain part", "after the same questions"],
)
def test_cache__part_in_a_part__the_outer_one_hears_what_is_asked_after_it(
    render: Callable[..., str], fan: UUID, source: str
) -> None:
    source = "{% load cache personalization %}" + source.replace("{part}", SEGMENT)
    shown = [render(source, request_of(who)).removeprefix("x") for who in (fan, None, fan)]
    assert shown == ["fan", "other", "fan"]


def test_cache__to_django_itself__what_lies_there_is_a_comment(render: Callable[..., str], fan: UUID) -> None:
    render(PART, request_of(fan))
    kept = cache.get(make_template_fragment_key("part"))
    assert kept.startswith("<!--")
    assert kept.endswith("-->")
    assert kept.count("-->") == 1
    assert "fan" not in kept


@pytest.mark.parametrize("kept", ["<!--attune:ways:not base64-->", "<!--attune:ways:AAAA-->"])
def test_cache__damaged_ways__the_part_is_made_anew(render: Callable[..., str], fan: UUID, kept: str) -> None:
    cache.set(make_template_fragment_key("part"), kept, 600)
    assert [render(PART, request_of(fan)) for _ in range(2)] == ["1 fan", "1 fan"]


def test_cache__too_many_versions__are_made_each_time(
    render: Callable[..., str], fan: UUID, settings: Settings
) -> None:
    settings.PERSONALIZATION_MAX_PAGE_VERSIONS = 1
    assert [render(PART, request_of(who)) for who in (fan, None, fan)] == ["1 fan", "2 other", "3 fan"]


def test_cache__something_failed_within__is_not_kept(
    render: Callable[..., str], fan: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    source = PART.replace(
        "{{ count }}", '{{ count }}{% personalized_block "a" %}{% include nothing %}{% endpersonalized_block %}'
    )
    with caplog.at_level(logging.CRITICAL):
        first, second = (render(source, request_of(fan)) for _ in range(2))
    assert (first[0], second[0]) == ("1", "2")


def test_cache__named_cache__is_where_parts_lie(render: Callable[..., str], fan: UUID, settings: Settings) -> None:
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {
        alias: {"BACKEND": backend, "LOCATION": alias} for alias in ("default", "other", "template_fragments")
    }
    key = make_template_fragment_key("part")
    render(PART, request_of(fan))
    assert [alias for alias in settings.CACHES if caches[alias].get(key)] == ["template_fragments"]
    render(PART.replace("600 part", '600 part using="other"'), request_of(fan))
    assert caches["other"].get(key)
    for alias in settings.CACHES:
        caches[alias].clear()


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("cache missing part", "non-integer timeout"),
        ("cache 'long' part", "non-integer timeout"),
        ("cache 600 part using='missing'", "Invalid cache name"),
        ("cache 600 part using=missing", "Invalid cache name"),
        ("cache 600", "at least 2 arguments"),
    ],
)
def test_cache__wrong_use__django_s_own_complaint(render: Callable[..., str], tag: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=message):
        render("{% load cache %}{% " + tag + " %}x{% endcache %}", request_of(None))


def test_cache__as_in_the_how_to__is_kept_for_each_language(render: Callable[..., str]) -> None:
    (example,) = (
        block.text
        for block in code_blocks(document("docs/how-to/cache-pages.md"), "django")
        if "{% cache" in block.text
    )
    note = Block.objects.create(key="home-note", name="Note")
    for language, body in (("de", "Hallo"), ("en", "Hello")):
        Variant.objects.create(block=note, name=body, body=body, languages=[language])
    for language, body in (("en", "Hello"), ("de", "Hallo"), ("en", "Hello")):
        with override(language):
            request = request_of()
            request.LANGUAGE_CODE = language
            assert f">{body}<" in render(example, request)
