"""Personal fields: what may stand in them, what is said otherwise, and that what is known never becomes markup."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from personalization.content.bodies.personal import InvalidFields, Known, read_fields
from personalization.content.checks import check_personal_fields
from personalization.content.models import Block, Variant
from personalization.content.sanitizing import clean_rich_text
from personalization.content.serving.asking import asked_of
from personalization.content.serving.rendering import render_block
from personalization.profiles.services import set_traits
from tests.personalization.content.posting import post_block
from tests.personalization.content.visitors import judged, request_of
from tests.tracking.samples import NOW

ALLOWED = {"first_name", "points"}
GREETING = '<p>Welcome back, {{ visitor.first_name|default:"there" }}!</p>'


def _filled(text: str, known: Known = None) -> str:
    return read_fields(clean_rich_text(text), allowed=ALLOWED).filled(lambda name: known)


@pytest.mark.parametrize(
    ("field", "known", "said"),
    [
        ('visitor.first_name|default:"there"', "Ada", "Ada"),
        ('visitor.first_name|default:"there"', None, "there"),
        ("visitor.first_name|default:'there'", "  ", "there"),
        ("visitor.first_name|default:“there”", True, "there"),
        ("visitor.first_name|default:„Sie“", None, "Sie"),
        ('visitor.first_name | default : "a | b }"', None, "a | b }"),
        ('visitor.first_name|default:""', None, ""),
        ('visitor.first_name|title|default:"there"', "ADA B", "Ada B"),
        ('visitor.first_name|default:"there"|upper', None, "THERE"),
        ('visitor.first_name|lower|capfirst|default:"x"', "ADA", "Ada"),
        ('visitor.points|default:"no"', 12.0, "12"),
        ('visitor.points|floatformat:2|default:"no"', 0.5, "0.50"),
        ('visitor.points|floatformat|default:"no"', 3.14159, "3.1"),
        ('visitor.points|upper|default:"no"', 1234, "1234"),
        ('visitor.first_name|default:"<b>&amp;"', None, "&lt;b&gt;&amp;amp;"),
    ],
)
def test_field__filled_in__says_what_is_known_or_its_default(field: str, known: Known, said: str) -> None:
    html = f"<p>{{{{ {escape(field, quote=False)} }}}}</p>"
    assert _filled(html, known) == f"<p>{said}</p>"


def test_field__number_on_a_german_page__is_written_in_german() -> None:
    with translation.override("de"):
        assert _filled('<p>{{ visitor.points|floatformat:1|default:"" }}</p>', 0.5) == "<p>0,5</p>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>{{ first_name }}</p>", "begins with “visitor.”"),
        ('<p>{{ visitor.salary|default:"" }}</p>', "visitor.first_name, visitor.points"),
        ("<p>{{ visitor.first_name }}</p>", "of whom it is not known"),
        ('<p>{{ visitor.first_name.__class__|default:"" }}</p>', "after the name"),
        ('<p>{{ visitor.first_name|safe|default:"" }}</p>', "after the name"),
        ("<p>{{ visitor.first_name|default:settings }}</p>", "after the colon"),
        ("<p>{{ visitor.first_name|default }}</p>", "after the colon"),
        ('<p>{{ visitor.first_name|upper:"x"|default:"" }}</p>', "after the colon"),
        ("<p>{{ visitor.<em>first_name</em> }}</p>", "in one format"),
        ("<p>{{ <strong>visitor.first_name</strong> }}</p>", "in one format"),
        ("<p>{% load x %}</p>", "in one format"),
        ("<p>{# x #} }}</p>", "in one format"),
        ('<p><a href="/?n={{ visitor.first_name }}">x</a></p>', "not in a link"),
    ],
)
def test_field__that_is_none__is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        read_fields(clean_rich_text(text), allowed=ALLOWED)
    assert said in str(refused.value)


class _Tags(HTMLParser):
    """The tags of a text with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)


def _as_cleaned(html: str) -> str:
    """Other ways of writing the same characters."""
    return html.replace("&#x27;", "'").replace("&quot;", '"').replace("\xa0", "&nbsp;")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>&\"'{}%|/!-= abs\x00\n;#x")) | st.text())
def test_fields__whatever_is_known__it_stays_text(known: str) -> None:
    html = _filled(f"{GREETING}<p>{{{{ visitor.first_name|upper|default:'' }}}}</p>", known)
    assert _Tags(html).found == _Tags(_filled("<p>x</p><p>y</p>")).found
    assert clean_rich_text(html) == _as_cleaned(html) or "\r" in known


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["{{", "}}", "visitor.", "first_name", "|default:", '"', "<em>", "</em>", "{%", " ", "|", "x"])
    )
)
def test_read_fields__any_text__is_read_or_refused_and_nothing_in_braces_is_left(parts: list[str]) -> None:
    text = clean_rich_text("".join(parts))
    with suppress(InvalidFields):
        assert "{{" not in read_fields(text, allowed=ALLOWED).filled(lambda name: None)


def _shown(request: object) -> str:
    return render_block(request, "hello", body=lambda: "", render_template=str)  # type: ignore[arg-type]


@pytest.fixture
def greeting(db: None) -> Variant:
    block = Block.objects.create(key="hello", name="Hello", default="<p>for all</p>")
    return Variant.objects.create(block=block, name="Greeting", body=GREETING)


def test_greeting__visitor_who_agreed_and_stranger__reads_the_name_or_the_default(greeting: Variant) -> None:
    visitor = judged(uuid4())
    set_traits(visitor, {"first_name": "Ada <3"}, source="account", now=NOW)
    request = request_of(visitor)
    assert "Welcome back, Ada &lt;3!" in _shown(request)
    assert asked_of(request).is_private
    assert "Welcome back, there!" in _shown(request_of())


def test_greeting__its_name_is_no_longer_allowed__is_not_shown(
    greeting: Variant, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert "there" in _shown(request_of())
    settings.PERSONALIZATION_PERSONAL_FIELDS = []
    assert "for all" in _shown(request_of())
    greeting.refresh_from_db()
    assert greeting.failure == "InvalidFields"


def test_admin__field_that_is_none__is_said_at_the_text(admin_client: Client) -> None:
    assert "begins with “visitor.”" in post_block(admin_client, {"body": "<p>{{ user.email }}</p>"})
    assert "same for all" in post_block(admin_client, default=GREETING)
    assert not post_block(admin_client, {"body": GREETING})
    change = reverse("admin:attune_content_block_change", args=[Block.objects.get().pk])
    assert 'data-attune-fields="first_name' in admin_client.get(change).content.decode()


def test_check__names_of_fields__must_be_a_list_of_names(settings: Settings) -> None:
    assert check_personal_fields(None) == []
    for wrong in ("first_name", ["first name"], 7, [7]):
        settings.PERSONALIZATION_PERSONAL_FIELDS = wrong
        assert [message.id for message in check_personal_fields(None)] == ["personalization.E031"]
