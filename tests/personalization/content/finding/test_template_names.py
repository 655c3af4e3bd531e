"""Names that templates use: read through Django's engines, with file, line and what stands between the tags."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from jinja2 import FunctionLoader

from personalization.content.finding.found import found, make_block
from personalization.content.finding.missing import MissingName
from personalization.content.finding.template_names import Named, Place, Stays, Templates, read_templates
from personalization.content.models import Block, CallToAction

LOAD = "{% load personalization %}"
pytestmark = pytest.mark.once


@pytest.fixture
def read(tmp_path: Path, settings: Any) -> Any:
    """Read these templates, in two folders of which the first is looked into first."""

    def read(first: dict[str, str], second: dict[str, str] | None = None) -> Templates:
        for folder, sources in (("first", first), ("second", second or {})):
            for name, source in sources.items():
                path = tmp_path / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(source)
        settings.DEBUG = True  # each time anew
        settings.TEMPLATES = [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [tmp_path / "first", tmp_path / "second"],
            }
        ]
        return read_templates()

    return read


def block(key: str, body: str = "") -> str:
    return '{% personalized_block "' + key + '" %}' + body + "{% endpersonalized_block %}"


def test_templates__names_in_all_places__are_found_with_file_and_line(read: Any, tmp_path: Path) -> None:
    named = read(
        {
            "page.html": "{% extends 'base.html' %}"
            + LOAD
            + "\n{% block a %}\n{% if x %}"
            + block("hero")
            + "{% endif %}{% endblock %}",
            "part.html": LOAD + '{% if_segment "fans" %}x{% else %}{% cta "join" %}{% endif_segment %}',
            "mail/note.txt": LOAD + block("hero"),
        }
    ).named
    assert [(one.kind, one.key, [(place.template, place.line) for place in one.places]) for one in named] == [
        ("block", "hero", [("mail/note.txt", 1), ("page.html", 3)]),
        ("cta", "join", [("part.html", 1)]),
    ]
    assert named[0].places[0].path == str(tmp_path / "first" / "mail" / "note.txt")


@pytest.mark.parametrize(
    ("body", "default", "stays"),
    [
        ("", "", None),
        ("\n  <h2>Out  you go</h2>\n <p>Now &amp; <b>then</b>.</p>", "", Stays.MARKUP),
        ("\n  <h2>Out you go</h2>\n<p>A &amp; <strong>b</strong>, é.<br/></p>",
         "<h2>Out you go</h2>\n<p>A &amp; <strong>b</strong>, é.<br></p>", None),
        ("{# Say it. #}<p>Hello</p>", "<p>Hello</p>", None),
        ('<p class="lead">Hello</p>', "", Stays.MARKUP),
        ('<a href="javascript:alert(1)">Hello</a>', "", Stays.MARKUP),
        ("<p>Hello {{ name }}</p>", "", Stays.TAGS),
        (block("inner", "x"), "", Stays.TAGS),
    ],
)  # fmt: skip
def test_default__what_stands_between_the_tags__is_taken_if_an_editor_could_have_written_it(
    read: Any, body: str, default: str, stays: Stays | None
) -> None:
    named = next(one for one in read({"page.html": LOAD + block("hero", body)}).named if one.key == "hero")
    assert (named.default, named.stays) == (default, stays)


def test_default__not_the_same_in_two_places__stays_in_the_templates(read: Any) -> None:
    (named,) = read({"a.html": LOAD + block("hero", "A"), "b.html": LOAD + block("hero", "B")}).named
    assert (named.default, named.stays, len(named.places)) == ("", Stays.DIFFERS, 2)


def test_templates__one_in_the_place_of_another__counts_alone_unless_it_extends_it(read: Any) -> None:
    second = {"base.html": LOAD + block("covered"), "shop.html": LOAD + block("extended")}
    first = {"base.html": LOAD + block("own"), "shop.html": "{% extends 'shop.html' %}"}
    assert [one.key for one in read(first, second).named] == ["extended", "own"]


def test_templates__what_cannot_be_told__is_told_as_such(read: Any) -> None:
    read_now = read({"a.html": LOAD + "{% cta name %}", "b.html": LOAD + "{% personalized_block %}"})
    assert read_now.named == ()
    assert [(place.template, place.line) for place in read_now.by_variable] == [("a.html", 1)]
    assert [name for name, _why in read_now.unreadable] == ["b.html"]


def test_demo__its_own_templates__are_all_readable() -> None:
    templates = read_templates()
    assert {"home-hero", "product-note", "home-cta"} <= {one.key for one in templates.named}
    assert (templates.unreadable, templates.by_variable) == ((), ())


@pytest.mark.django_db
def test_found__against_what_is_configured__says_what_is_missing_and_what_is_not_used(
    django_assert_num_queries: Any,
) -> None:
    Block.objects.create(key="there", name="There")
    CallToAction.objects.create(key="old", name="Old", label="x", url="/")
    MissingName.objects.create(kind="block", key="asked", page="/x/", asked_at="2026-01-01T00:00Z")
    templates = Templates((Named("block", "there", ()), Named("block", "wanted", ()), Named("cta", "there", ())))
    with django_assert_num_queries(3):
        result = found(templates)
    assert [(one.named.kind, one.named.key, one.page) for one in result.missing] == [
        ("block", "asked", "/x/"),
        ("block", "wanted", ""),
        ("cta", "there", ""),
    ]
    assert [(one.kind, one.key) for one in result.unused] == [("cta", "old")]


@pytest.mark.django_db
def test_found__a_name_that_no_block_could_have__is_told_and_not_offered() -> None:
    result = found(Templates((Named("block", "Home Hero", (Place("a.html", 3, "/a.html"),)),)))
    assert result.missing == ()
    assert [where for where, _why in result.unreadable] == ["a.html, line 3"]


@pytest.mark.django_db
def test_make_block__twice__makes_one_live_with_its_default() -> None:
    (missing,) = found(Templates((Named("block", "home-hero", (), default="<p>Hello</p>"),))).missing
    assert [make_block(missing)[1], make_block(missing)[1]] == [True, False]
    block = Block.objects.get()
    assert (block.key, block.name, block.default, block.status) == ("home-hero", "Home hero", "<p>Hello</p>", "live")


@pytest.mark.django_db
def test_find_blocks__prints__what_is_missing_unused_and_unknown(read: Any) -> None:
    read(
        {
            "a.html": LOAD + block("wanted", "<p>Hello there</p>") + "\n{% cta which %}",
            "b.html": LOAD + "{% cta %}",
        }
    )
    Block.objects.create(key="old", name="Old")
    out = StringIO()
    call_command("find_blocks", stdout=out)
    said = out.getvalue()
    for text in ("block wanted: “Hello there”", "first/a.html:1", "block old (Old)", "first/a.html:2", "b.html: "):
        assert text in said
    assert said.endswith("Templates name 1 blocks and 0 calls to action.\n")


@pytest.fixture
def read_jinja2(tmp_path: Path, settings: Any) -> Any:
    """Read these templates of Jinja2, with Django's own beside them; its options may be changed."""

    def read(sources: dict[str, str], djangos: dict[str, str] | None = None, **options: Any) -> Templates:
        for folder, texts in (("jinja2", sources), ("django", djangos or {})):
            (tmp_path / folder).mkdir(exist_ok=True)
            for name, source in texts.items():
                (tmp_path / folder / name).write_text(source)
        options = {"extensions": ["personalization.jinja2.PersonalizationExtension"]} | options
        backend = "django.template.backends"
        settings.DEBUG = True  # each time anew
        settings.TEMPLATES = [
            {"BACKEND": f"{backend}.jinja2.Jinja2", "DIRS": [tmp_path / "jinja2"], "OPTIONS": options},
            {"BACKEND": f"{backend}.django.DjangoTemplates", "DIRS": [tmp_path / "django"]},
        ]
        return read_templates()

    return read


def test_templates_of_jinja2__names_in_all_places__are_found_with_file_line_and_text(
    read_jinja2: Any, tmp_path: Path
) -> None:
    inside = "<p>All</p>{# a note #}"
    read = read_jinja2(
        {
            "page.html": "{% extends 'base.html' %}\n{% block a %}{% for x in y %}{% if x %}\n"
            + block("hero", inside)
            + '{% endif %}{% endfor %}{% endblock %}{% macro m() %}{% cta "join" %}{% endmacro %}',
            "own.html": '{% personalized_block "made" show="deferred" %}{{ now }}{% endpersonalized_block %}'
            '{% personalized_block "outer" %}{% cta "join" %}{% endpersonalized_block %}{% cta name %}'
            '{% cta "a" ~ b %}',
            "text.txt": "{# {% cta 'gone' %} #}{% raw %}{% cta 'raw' %}{% endraw %} an action",
            "bad.html": '{% personalized_block "bad" %}',
        },
        {"part.html": LOAD + block("hero", "<p>All</p>")},
    )
    page, own = (Place(name, 1, str(tmp_path / "jinja2" / name)) for name in ("page.html", "own.html"))
    assert read.named == (
        Named("block", "hero", (replace(page, line=3), Place("part.html", 1, "")), "<p>All</p>"),
        Named("block", "made", (own,), stays=Stays.TAGS),
        Named("block", "outer", (own,), stays=Stays.TAGS),
        Named("cta", "join", (own, replace(page, line=3))),
    )
    assert read.named[0].places[0].path == str(tmp_path / "jinja2" / "page.html")
    assert read.by_variable == (own, own)
    assert [template for template, _why in read.unreadable] == ["bad.html"]


@pytest.mark.parametrize(
    "options", [{"extensions": []}, {"loader": FunctionLoader(lambda name: None)}], ids=["no tags", "no list"]
)
def test_templates_of_jinja2__without_the_tags_or_without_a_list__are_left_alone(
    read_jinja2: Any, options: dict[str, Any]
) -> None:
    assert read_jinja2({"page.html": block("hero")}, **options) == Templates(())
