"""What editors see of blocks: tabs with who and how many, labels in the structure, forms, and what they may do."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from cms.models import PageContent
from cms.toolbar.utils import get_object_edit_url, get_object_preview_url
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djangocms_alias.models import Alias, AliasContent, Category

from personalization.content.models import CallToAction, Campaign
from personalization.djangocms.models import CallToActionPlugin, PersonalizedBlock, Variant
from personalization.management.commands.setup_attune import GROUPS, make_groups
from personalization.segments.usages import usages_of
from personalization.testing import MakeVisitor
from tests.architecture.test_words import expert_words
from tests.personalization.content.visitors import judged, segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put,
    put_block,
    put_default,
    put_text,
    put_variant,
    slot,
)

pytestmark = pytest.mark.django_db
PLUGINS = ("PersonalizedBlockPlugin", "PersonalizedVariantPlugin", "CallToActionInPagePlugin", "IfSegmentPlugin")


_BLOCK = {"pick": "first", "show": "in_place", "reveal_on": "scroll", "cap_within": "7d"}
"""What the form of a block is filled in with before anybody chooses."""


@pytest.fixture
def draft() -> PageContent:
    """A draft with a block for fans, for those whom a rule names, and for everyone else; three fans are known."""
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "text for fans", segment("fans"), name="Fans first")
    put_variant(block, "at work", name="At work", audience_kind="rule", rule={"request": "hour", "at_most": 12})
    put_default(block, "text for others")
    for _ in range(3):
        judged(uuid.uuid4(), ["fans"])
    return home


@pytest.fixture
def colleague() -> User:
    """An editor who may change pages and has the rights that Attune gives editors."""
    make_groups()
    colleague = User.objects.create_user("carla", is_staff=True)
    colleague.groups.add(Group.objects.get(name="Attune: editors"))
    colleague.user_permissions.add(
        *Permission.objects.filter(content_type__app_label__in=["cms", "djangocms_text", "djangocms_versioning"])
    )
    return colleague


def test_setup_attune__every_permission_of_the_groups__exists() -> None:
    make_groups()
    for name, wanted in GROUPS.items():
        assert Group.objects.get(name=name).permissions.count() == len(set(wanted))


def edited(content: PageContent, user: User | None = None) -> str:
    """The page as an editor sees it who is working on it; what is published is previewed."""
    client = Client()
    client.force_login(user or editor())
    response = client.get(get_object_edit_url(content), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_edited_page__each_variant__is_a_tab_with_who_and_how_many(draft: PageContent) -> None:
    html = edited(draft, editor())
    assert html.count('class="attune-edited-tab"') == 3
    assert html.count(" checked>") == 1
    assert "Fans · people: 3" in html
    assert "everyone else" in html
    for text in ("text for fans", "at work", "text for others"):
        assert text in html
    assert "data-attune-variant" not in html  # nothing is decided, nothing is counted
    assert "personalization/djangocms/editing.css" in html
    assert "tracker.js" not in html
    assert "data-attune-consent" not in html  # the banner would lie over the editor


def test_edited_page__few_people__are_under_ten_for_those_who_may_not_know(draft: PageContent, colleague: User) -> None:
    html = edited(draft, colleague)
    assert "Fans · people: under 10" in html
    assert "people: 3" not in html


def test_edited_page__rule_of_a_draft__is_counted_once_it_is_published(draft: PageContent) -> None:
    assert "Visitors who match a rule" in edited(draft, editor())
    assert "decided at each visit" not in edited(draft, editor())
    publish(draft)
    assert "Visitors who match a rule · decided at each visit" in edited(next_draft(draft), editor())


def test_edited_page__block_without_a_variant_for_the_others__says_so() -> None:
    home = make_page()
    block = put_block(slot(home))
    assert "Add a variant to say what is shown" in edited(home, editor())
    put_variant(block, "", segment("fans"), name="empty")
    assert "Everyone else sees nothing here." in (html := edited(home, editor()))
    assert "Nothing in it yet: add what it shows." in html
    put_default(block, "for others")
    assert "Everyone else sees nothing here." not in edited(home, editor())


def test_edited_page__variant_that_nobody_sees_now__says_why(draft: PageContent) -> None:
    block = PersonalizedBlock.objects.get()
    pausing = Campaign.objects.create(name="Summer", status=Campaign.Status.PAUSED)
    put_variant(block, "", name="Sale", campaign=pausing)
    put_variant(block, "", name="Late", ends_at=datetime(2020, 1, 1, tzinfo=UTC))
    html = edited(draft, editor())
    assert "<b>Hero</b> · Right after the page" not in html
    assert html.count("the campaign “Summer” is not running") == 1
    PersonalizedBlock.objects.update(campaign=pausing)
    assert edited(draft, editor()).count("the campaign “Summer” is not running") == 2
    Campaign.objects.update(status=Campaign.Status.LIVE)
    PersonalizedBlock.objects.update(show="deferred")
    assert "<b>Hero</b> · Right after the page · Summer" in edited(draft, editor())
    assert "is over" in html


def test_preview__of_a_draft__shows_all_variants(draft: PageContent) -> None:
    client = Client()
    client.force_login(editor())
    html = client.get(get_object_preview_url(draft)).content.decode()
    assert html.count('class="attune-edited-tab"') == 3
    assert "tracker.js" not in html


def test_edited_page__alias_that_it_shows_twice__has_no_id_twice() -> None:
    alias = Alias.objects.create(category=Category.objects.create(name="Offers"))
    content = AliasContent.objects.with_user(editor()).create(alias=alias, name="Offer", language="en")
    put_default(put_block(content.placeholder), "for all")
    publish(content)
    home = make_page()
    for name in ("content", "aside"):
        put(slot(home, name), "Alias", alias=alias)
    places = re.findall(r'id="(attune-edited-[^"]+)"', edited(home, editor()))
    assert len(set(places)) == len(places) == 2


def test_edited_page__part_for_a_segment__says_for_whom(draft: PageContent) -> None:
    put_text(put(slot(draft), "IfSegmentPlugin", segment=segment("buyers"), is_negated=True), "part for buyers")
    html = edited(draft, editor())
    assert "not in “Buyers”" in html
    assert "part for buyers" in html


def test_published_page__visited_by_its_editor__is_decided(draft: PageContent) -> None:
    publish(draft)
    client = Client()
    client.force_login(editor())
    html = client.get("/home/").content.decode()
    assert "attune-edited-tab" not in html
    assert "data-attune-variant" in html
    assert "tracker.js" in html
    assert "data-attune-consent" in html


def test_edited_page__more_variants__costs_one_query_each() -> None:
    def count(variants: int) -> int:
        home = make_page(f"Page {variants}")
        block = put_block(slot(home))
        for number in range(variants):
            put_variant(block, "", fans, name=str(number))
        with CaptureQueriesContext(connection) as queries:
            edited(home, user)
        return sum("attune_profiles_verdict" in query["sql"] for query in queries)

    user, fans = editor(), segment("fans")
    assert count(2) == 2
    assert count(5) == 5


def test_structure__each_plugin__has_a_telling_label(draft: PageContent) -> None:
    block = PersonalizedBlock.objects.get()
    fans = Variant.objects.get(name="Fans first")
    assert str(block) == "Hero"
    assert str(fans) == "Fans first · Fans"
    assert fans.get_short_description() == "Fans first · Fans"
    fans.segments.clear()
    assert str(Variant.objects.get(pk=fans.pk)) == "Fans first · nobody: no segment is chosen"
    assert str(Variant.objects.get(name="At work")) == "At work · Visitors who match a rule"
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    button = put(slot(draft), "CallToActionInPagePlugin", cta=cta)
    assert str(button) == "Join"
    cta.delete()
    assert str(CallToActionPlugin.objects.get()) == "nothing: it was deleted"


def _form(client: Client, plugin: str, content: PageContent, parent: Any = None, **values: Any) -> Any:
    address = reverse("admin:cms_placeholder_add_plugin")
    query = {
        "plugin_type": plugin,
        "placeholder_id": slot(content).pk,
        "plugin_language": "en",
        "plugin_position": 1 + slot(content).get_last_plugin_position("en") if parent else 1,
        "cms_path": "/",
    }
    if parent is not None:
        query["plugin_parent"] = parent.pk
    address = f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}"
    return client.post(address, values) if values else client.get(address)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_form__each_plugin__speaks_plainly(plugin: str, draft: PageContent, client: Client) -> None:
    client.force_login(editor())
    block = PersonalizedBlock.objects.get()
    response = _form(client, plugin, draft, block if plugin == "PersonalizedVariantPlugin" else None)
    assert response.status_code == 200
    assert expert_words(response.content.decode()) == []


def test_form__filled_in_by_an_editor__makes_a_block_with_a_variant(colleague: User, client: Client) -> None:
    home = make_page("Home")
    fans = segment("fans")
    client.force_login(colleague)
    made = _form(client, "PersonalizedBlockPlugin", home, **_BLOCK | {"name": "Hero"})
    assert made.status_code == 200
    block = PersonalizedBlock.objects.get()
    made = _form(
        client,
        "PersonalizedVariantPlugin",
        home,
        block,
        name="Fans first",
        audience_kind="segments",
        segments=[fans.pk],
        rule="null",
        weekdays=["mon"],
        cap_within="7d",
    )
    assert made.status_code == 200
    variant = Variant.objects.get()
    assert (variant.name, variant.weekdays, variant.parent_id) == ("Fans first", ["mon"], block.pk)
    assert list(variant.segments.all()) == [fans]


def test_form__variant_that_nobody_could_see__is_refused_with_the_reason(draft: PageContent, client: Client) -> None:
    client.force_login(editor())
    block = PersonalizedBlock.objects.get()
    values = {"name": "Lost", "rule": "null", "cap_within": "7d"}
    refused = _form(client, "PersonalizedVariantPlugin", draft, block, audience_kind="segments", **values)
    assert "Choose at least one segment." in refused.content.decode()
    refused = _form(client, "PersonalizedVariantPlugin", draft, block, audience_kind="rule", **values)
    assert "Write the rule." in refused.content.decode()
    assert not Variant.objects.filter(name="Lost").exists()


def test_form__without_the_right_to_add_blocks__is_closed(draft: PageContent, colleague: User, client: Client) -> None:
    colleague.groups.clear()
    client.force_login(colleague)
    assert _form(client, "PersonalizedBlockPlugin", draft).status_code == 403


def test_form__of_a_published_version__is_closed(draft: PageContent, client: Client) -> None:
    publish(draft)
    client.force_login(editor())
    assert _form(client, "PersonalizedBlockPlugin", draft, **_BLOCK | {"name": "Late"}).status_code in (400, 403)
    assert not PersonalizedBlock.objects.filter(name="Late").exists()


def test_segment__used_in_pages__tells_where(draft: PageContent) -> None:
    put_variant(PersonalizedBlock.objects.get(), "", name="Ruled", audience_kind="rule", rule={"segment": "buyers"})
    put(slot(draft), "IfSegmentPlugin", segment=segment("readers"))
    for slug in ("fans", "buyers", "readers"):
        assert [usage.label for usage in usages_of(slug)] == ["Page “Home (en)”"]
    assert usages_of("strangers") == []


def test_visitor__without_staff_rights__cannot_see_a_draft(draft: PageContent, attune_visitor: MakeVisitor) -> None:
    client = Client()
    client.force_login(User.objects.create_user("anna"))
    assert client.get(get_object_preview_url(draft)).status_code in (302, 403)


def test_bar_of_the_cms__for_who_may_look_at_blocks_in_pages__leads_to_them(
    draft: PageContent, colleague: User
) -> None:
    blocks = reverse("admin:attune_djangocms_personalizedblock_changelist")
    html = edited(draft, colleague)
    assert blocks in html
    assert "/preview-as/" not in html  # visitors see nothing of a draft that is the first
    colleague.groups.clear()
    assert blocks not in edited(draft, colleague)
