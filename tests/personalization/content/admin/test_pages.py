"""The admin of blocks: what editors can do, what they are told, and what never gets through."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.content.services import decide
from personalization.segments import updating
from personalization.segments.models import Status
from personalization.segments.usages import usages_of
from tests.personalization.content.posting import block_form, post_block
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db

ADD_BLOCK = "admin:attune_content_block_add"
BLOCKS = "admin:attune_content_block_changelist"
CHANGE_BLOCK = "admin:attune_content_block_change"
SCRIPT = "<script>alert(1)</script>"


def test_block_admin__new_block_with_variants__the_next_request_shows_it(admin_client: Client) -> None:
    fans = segment("fans")
    visitor = judged(uuid4(), ["fans"])
    assert decide(request_of(visitor), "hero").variant is None
    assert not post_block(
        admin_client,
        {"name": "Fans", "audience_kind": "segments", "segments": [fans.pk], "body": "<p>for fans</p>"},
        {"name": "Query", "audience_kind": "rule", "rule": '{"request": "query.a", "is": "b"}'},
    )
    variant = decide(request_of(visitor), "hero").variant
    assert variant is not None
    assert variant.html == "<p>for fans</p>"
    assert decide(request_of(), "hero").default == "<p>for all</p>"
    other = decide(request_of(path="/?a=b"), "hero").variant
    assert other is not None
    assert other.name == "Query"


def test_block_admin__rule_of_a_variant__is_applied_to_everybody_when_it_comes_and_goes(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    calls: list[bool] = []
    monkeypatch.setattr(updating, "update_soon", lambda: calls.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        assert not post_block(admin_client, {"name": "Everybody"}, key="other")
    assert len(calls) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert not post_block(admin_client, {"audience_kind": "rule", "rule": '{"event": "view_item"}'})
    assert len(calls) == 1
    with django_capture_on_commit_callbacks(execute=True):
        block = Block.objects.get(key="hero")
        admin_client.post(reverse("admin:attune_content_block_delete", args=[block.pk]), {"post": "yes"})
    assert not Block.objects.filter(key="hero").exists()
    assert len(calls) == 2


def test_block_admin__order_left_empty__variants_keep_the_order_of_the_page(admin_client: Client) -> None:
    assert not post_block(admin_client, {"name": "A"}, {"name": "B", "order": "5"}, {"name": "C"})
    assert list(Variant.objects.values_list("name", "order")) == [("B", 5), ("A", 15), ("C", 25)]


def test_block_admin__other_order_numbers__decide(admin_client: Client) -> None:
    post_block(admin_client, {"name": "A", "order": "1"}, {"name": "B", "order": "2"})
    block = Block.objects.get()
    first, second = block.variants.all()
    posted = block_form(
        [
            {"id": first.pk, "block": block.pk, "name": "A", "order": "9"},
            {"id": second.pk, "block": block.pk, "name": "B", "order": "2"},
        ]
    )
    assert admin_client.post(reverse(CHANGE_BLOCK, args=[block.pk]), posted).status_code == 302
    variant = decide(request_of(), "hero").variant
    assert variant is not None
    assert variant.name == "B"


@pytest.mark.parametrize(
    ("variant", "field", "message"),
    [
        ({"audience_kind": "segments"}, "segments", "Choose at least one segment."),
        ({"audience_kind": "not_in"}, "segments", "Choose at least one segment."),
        ({"audience_kind": "rule"}, "rule", "Write the rule."),
        ({"body_kind": "template"}, "template_name", "Choose a layout."),
        (
            {"body_kind": "template", "template_name": "secret.html"},
            "template_name",
            "not one of the available choices",
        ),
        (
            {"starts_at_0": "2026-12-01", "starts_at_1": "10:00", "ends_at_0": "2026-12-01", "ends_at_1": "10:00"},
            "ends_at",
            "The end must be later than the start.",
        ),
        ({"hours_from": "10:00", "hours_until": "10:00"}, "hours_until", "For the whole day, leave both empty."),
        ({"tires_after": "0"}, "tires_after", "greater than or equal to 1"),
        ({"rest_after": "purchase"}, "rest_days", "Say both after what, and for how many days."),
        ({"rest_days": "3"}, "rest_days", "Say both after what, and for how many days."),
        ({"rest_after": "goal", "rest_days": "3"}, "rest_goal", "Choose the goal."),
        ({"time_zone": "Berlin"}, "time_zone", "There is no such time zone."),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "There is no such time zone."),
        ({"weekdays": ["someday"]}, "weekdays", "someday is not one of the available choices"),
        (
            {"time_zone": "Europe/Berlin", "starts_at_0": "2026-03-29", "starts_at_1": "02:30"},
            "starts_at",
            "may not exist",
        ),
        ({"audience_kind": "rule", "rule": "{oops"}, "rule", "this is not JSON"),
        ({"audience_kind": "rule", "rule": "[" * 100_000}, "rule", "nested too deeply"),
        ({"audience_kind": "rule", "rule": '{"event": "a\\u0000b"}'}, "rule", "no text may hold"),
        ({"audience_kind": "rule", "rule": "NaN"}, "rule", "$"),
        ({"name": ""}, "name", "This field is required."),
        ({"name": "a\x00b"}, "name", "Null characters are not allowed."),
    ],
)
def test_block_admin__mistake__is_told_at_its_place(
    admin_client: Client, variant: dict[str, Any], field: str, message: str
) -> None:
    html = post_block(admin_client, variant)
    row = re.search(rf'<div class="form-row errors field-{field}.*?</div>\s*</div>', html, re.DOTALL) or re.search(
        rf'<div class="form-row[^"]*field-{field}.*?(?=<div class="form-row)', html, re.DOTALL
    )
    assert row is not None
    assert message in row.group()
    assert not Block.objects.exists()


def test_block_admin__rule_with_several_mistakes__each_has_its_place(admin_client: Client) -> None:
    rule = '{"all": [{"event": "view_item", "at_least": -1}, {"nonsense": 1}, {"event": "x", "within": "10 minutes"}]}'
    html = post_block(admin_client, {"audience_kind": "rule", "rule": rule})
    for place in ("$.all[0].at_least", "$.all[1]", "$.all[2].within"):
        assert place in html


def test_block_admin__stored_rule__stands_there_as_a_sentence(admin_client: Client) -> None:
    rule = '{"event": "view_item", "at_least": 3, "within": "7d"}'
    assert not post_block(admin_client, {"audience_kind": "rule", "rule": rule})
    html = admin_client.get(reverse(CHANGE_BLOCK, args=[Block.objects.get().pk])).content.decode()
    assert "at least 3 times" in html


@pytest.mark.parametrize("key", ["Home", "a b", "-a", "a--b", "ä", "a\n", SCRIPT])
def test_block_admin__name_that_templates_cannot_say__is_refused(admin_client: Client, key: str) -> None:
    html = post_block(admin_client, key=key)
    # A line break at the end is cut off by the form, as any space is.
    assert (not html) is (key == "a\n")


def test_block_admin__name_in_templates__cannot_be_changed_later(admin_client: Client) -> None:
    post_block(admin_client)
    block = Block.objects.get()
    admin_client.post(reverse(CHANGE_BLOCK, args=[block.pk]), block_form(key="other", name="Other name"))
    block.refresh_from_db()
    assert (block.key, block.name) == ("hero", "Other name")


def test_block_admin__scripts_in_every_field__none_runs_anywhere(admin_client: Client) -> None:
    fans = segment("fans", name=f"Fans{SCRIPT}")
    evil = {
        "name": f"V{SCRIPT}",
        "body": f'<p onclick="alert(1)">b{SCRIPT}</p><a href="javascript:alert(1)">x</a>',
        "audience_kind": "segments",
        "segments": [fans.pk],
        "rule": '{"event": "</textarea><script>alert(1)</script>"}',
    }
    assert not post_block(admin_client, evil, name=f"B{SCRIPT}", default=f"<img src=x onerror=alert(1)>d{SCRIPT}")
    block = Block.objects.get()
    assert (block.default, Variant.objects.get().body.count("alert")) == ("d", 0)
    for url in (reverse(BLOCKS), reverse(CHANGE_BLOCK, args=[block.pk]), reverse("admin:index")):
        html = admin_client.get(url).content.decode()
        assert SCRIPT not in html
        assert "<script>alert" not in html
        assert "onclick=&quot;alert" not in html
    shown = decide(request_of(judged(uuid4(), ["fans"])), "hero")
    assert shown.variant is not None
    assert "alert" not in shown.variant.html + shown.default


def test_block_admin__list__says_what_is_shown_now_in_a_constant_number_of_queries(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fans = segment("fans")
    for number in range(12):
        block = Block.objects.create(key=f"b{number}", name=f"Block {number}")
        Variant.objects.create(block=block, name="For fans", audience_kind="segments").segments.add(fans)
        Variant.objects.create(block=block, name="Off", enabled=False)
    Block.objects.create(key="paused", name="Paused", status=Block.Status.PAUSED)
    with django_assert_max_num_queries(11):
        html = admin_client.get(reverse(BLOCKS)).content.decode()
    assert html.count("<li><b>For fans</b>: Fans</li>") == 12
    assert "<b>Off</b>" not in html
    assert "The same for everyone" in html


def test_block_admin__page_with_many_variants__segments_are_read_once(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fans = segment("fans")
    block = Block.objects.create(key="b", name="B")
    for number in range(10):
        Variant.objects.create(block=block, name=f"V{number}", audience_kind="segments").segments.add(fans)
    with django_assert_max_num_queries(25):
        assert admin_client.get(reverse(CHANGE_BLOCK, args=[block.pk])).status_code == 200


def test_block_admin__archived_segment__is_offered_only_where_it_is_chosen(admin_client: Client) -> None:
    old = segment("old", status=Status.ARCHIVED)
    block = Block.objects.create(key="b", name="B")
    page = reverse(CHANGE_BLOCK, args=[block.pk])
    assert "Old (Archived: nobody is in it)" not in admin_client.get(page).content.decode()
    Variant.objects.create(block=block, name="V", audience_kind="segments").segments.add(old)
    assert "Old (Archived: nobody is in it)" in admin_client.get(page).content.decode()


def test_block_admin__layouts__are_offered_by_their_names(admin_client: Client, settings: Settings) -> None:
    settings.PERSONALIZATION_VARIANT_TEMPLATES = {"admin/404.html": "Large picture"}
    assert not post_block(admin_client, {"body_kind": "template", "template_name": "admin/404.html"})
    html = admin_client.get(reverse(CHANGE_BLOCK, args=[Block.objects.get().pk])).content.decode()
    assert '<option value="admin/404.html" selected>Large picture</option>' in html


def test_block_admin__page__everything_inline_carries_the_nonce(admin_client: Client) -> None:
    response = admin_client.get(reverse(ADD_BLOCK))
    html = response.content.decode()
    (nonce,) = re.findall(r"script-src [^;]*'nonce-([^']+)'", response["Content-Security-Policy"])
    inline = [tag for tag in re.findall(r"<(?:script|style)\b[^>]*>", html) if "src=" not in tag]
    running = [tag for tag in inline if "application/json" not in tag]
    assert any('type="importmap"' in tag for tag in running)
    assert all(f'nonce="{nonce}"' in tag for tag in running)
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_block_admin__how_often_at_most__is_judged_for_everybody_and_shown(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    calls: list[bool] = []
    monkeypatch.setattr(updating, "update_soon", lambda: calls.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        assert not post_block(admin_client, {"cap_times": "2", "cap_within": "session"}, cap_times="5")
    assert len(calls) == 1
    variant = Variant.objects.get()
    assert (variant.cap_times, variant.cap_within, variant.block.cap_times) == (2, "session", 5)
    html = admin_client.get(reverse(CHANGE_BLOCK, args=[variant.block_id])).content.decode()
    assert "Others cannot be counted, and do not see it." in html


def test_group_admin__blocks_in_an_order__the_next_request_shows_one(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    blocks = [Block.objects.create(key=key, name=key.upper()) for key in ("a", "b", "c")]
    for block in blocks:
        Variant.objects.create(block=block, name="V")
    data: dict[str, Any] = {"name": "Offers", "places-TOTAL_FORMS": 2, "places-INITIAL_FORMS": 0}
    for number, block in enumerate((blocks[1], blocks[0])):
        data |= {f"places-{number}-order": number, f"places-{number}-block": block.pk}
    add = reverse("admin:attune_content_blockgroup_add")
    assert admin_client.post(add, data).status_code == 302
    shown = [key for key in ("a", "b", "c") if decide(request_of(), key).variant]
    assert shown == ["b", "c"]
    assert "This block is in a group already." in admin_client.post(add, data | {"name": "Other"}).content.decode()
    with django_assert_max_num_queries(8):
        assert "B, A" in admin_client.get(reverse("admin:attune_content_blockgroup_changelist")).content.decode()


def _user(*permissions: str) -> Client:
    user = User.objects.create_user("editor", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_block_admin__without_permission__is_closed() -> None:
    client = _user()
    block = Block.objects.create(key="b", name="B")
    for url in (reverse(BLOCKS), reverse(ADD_BLOCK), reverse(CHANGE_BLOCK, args=[block.pk])):
        assert client.get(url).status_code == 403
    assert client.post(reverse(ADD_BLOCK), block_form()).status_code == 403


def test_block_admin__who_may_only_look__sees_and_cannot_save() -> None:
    block = Block.objects.create(key="hero", name="B")
    Variant.objects.create(block=block, name="Spring", audience_kind="rule", rule={"all": []})
    content = {"items_source": "still_in_cart", "items_title": "Your boots"}
    Variant.objects.create(block=block, name="Summer", body_kind="items", content=content)
    client = _user("view_block", "view_variant")
    html = client.get(reverse(CHANGE_BLOCK, args=[block.pk])).content.decode()
    for told in ("Spring", "Your boots", "What is still in their cart"):
        assert f">{told}<" in html
    assert 'name="_save"' not in html
    assert client.post(reverse(CHANGE_BLOCK, args=[block.pk]), block_form(name="X")).status_code == 403
    block.refresh_from_db()
    assert block.name == "B"


def test_block_admin__plain_words__editors_read_no_jargon(admin_client: Client) -> None:
    html = admin_client.get(reverse(ADD_BLOCK)).content.decode()
    for words in ("Name in templates", "Everyone else sees", "Who sees it", "What they see"):
        assert words in html
    visible = re.sub(r"<[^>]+>", " ", html).casefold()
    for jargon in ("audience", "slug", "trait", "uuid", "impression"):
        assert jargon not in visible


def test_usages__segment_in_blocks_rules_and_calls_to_action__each_is_named_with_its_page() -> None:
    fans = segment("fans")
    block = Block.objects.create(key="b", name="Hero")
    Variant.objects.create(block=block, name="V", audience_kind="segments").segments.add(fans)
    ruled = Block.objects.create(key="r", name="Ruled")
    Variant.objects.create(block=ruled, name="R", audience_kind="rule", rule={"not": {"segment": "fans"}})
    cta = CallToAction.objects.create(key="c", name="Join", label="Join", url="/")
    CallToActionOverride.objects.create(cta=cta, segment=fans)
    usages = {usage.label: usage.url for usage in usages_of("fans")}
    assert usages == {
        "Block “Hero”": reverse(CHANGE_BLOCK, args=[block.pk]),
        "Rule in the block “Ruled”": reverse(CHANGE_BLOCK, args=[ruled.pk]),
        "Call to action “Join”": reverse("admin:attune_content_calltoaction_change", args=[cta.pk]),
    }
    assert [usage for usage in usages_of("others") if "“Hero”" in usage.label] == []
