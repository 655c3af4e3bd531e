"""The tags that the how-to puts in place of Attune's show what stands in the templates, in both languages."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from django.template.backends.django import DjangoTemplates
from django.template.backends.jinja2 import Jinja2

from personalization.templatetags.personalization import register
from tests.docs.reading import code_blocks, document

pytestmark = pytest.mark.once

PAGE = "docs/how-to/uninstall.md"
pytestmark = pytest.mark.once
SOURCES = {
    '{% personalized_block "hero" %}for all{% endpersonalized_block %}': "for all",
    '{% personalized_block name show="deferred" %}{{ page }}{% endpersonalized_block %}': "Home",
    '{% personalized_block "a" show=way %}1{% if_segment name %}2{% endif_segment %}{% endpersonalized_block %}': "1",
    '{% if_segment "fans" %}fans{% else %}{{ page }}{% endif_segment %}.': "Home.",
    "{% if_segment name %}fans{% endif_segment %}.": ".",
    '{% if_segment "a" %}1{% if_segment "b" %}2{% else %}3{% endif_segment %}{% else %}4'
    '{% if_segment "b" %}5{% else %}6{% endif_segment %}{% endif_segment %}': "46",
    '{% cta "join" %}{% cta name %}.': ".",
    '{% attune_head %}{% attune_body %}{% consent_preferences_link %}{% why_link "hero" %}.': ".",
}


@pytest.fixture(params=["django", "jinja2"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An engine with the library that the page writes out."""
    name, kind = (
        ("without_attune", DjangoTemplates) if request.param == "django" else ("without_attune_in_jinja2", Jinja2)
    )
    (text,) = [block.text for block in code_blocks(document(PAGE), "python") if f"mysite/{name}.py" in block.text]
    module = ModuleType(name)
    exec(text, module.__dict__)  # noqa: S102  # our own page
    monkeypatch.setitem(sys.modules, name, module)
    options = (
        {"libraries": {"personalization": name}}
        if kind is DjangoTemplates
        else {"extensions": [f"{name}.WithoutAttune"]}
    )
    return kind({"NAME": request.param, "DIRS": [], "APP_DIRS": False, "OPTIONS": options})


@pytest.mark.parametrize("source", SOURCES)
def test_tags_without_attune__each_way_of_writing_them__show_what_stands_there(engine: Any, source: str) -> None:
    load = "{% load personalization %}" if isinstance(engine, DjangoTemplates) else ""
    html = engine.from_string(load + source).render({"name": "hero", "page": "Home", "way": "revealed"})
    assert html == SOURCES[source]


def test_sources__all_of_them__have_every_tag() -> None:
    assert all(any(f"{{% {tag} " in source for source in SOURCES) for tag in register.tags)
