"""The page of a block in Chromium: an editor writes, chooses, orders and saves, under the site's security policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User

from personalization.content.models import Block, Variant
from tests.personalization.content.visitors import segment
from tests.services.processes import SiteProcess
from tests.services.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

pytestmark = pytest.mark.once


@pytest.fixture
def editor(live_site: SiteProcess, page: Page) -> Iterator[Page]:
    """An editor who has logged in and opened a block with three variants; a complaint of the policy fails the test."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "prose editor" in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    User.objects.create_superuser("editor", password="secret")
    segment("fans")
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    for order, name in enumerate(("First", "Second", "Third")):
        Variant.objects.create(block=block, name=name, order=order, body=f"<p>{name}</p>")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_site.url}/admin/login/?next=/admin/attune_content/block/{block.pk}/change/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "secret")
    page.click("[type=submit]")
    page.wait_for_selector(".attune-scripted")
    page.wait_for_selector(".field-default .prose-editor > .ProseMirror")
    yield page
    assert complaints == []


def _save(page: Page) -> None:
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")


def _drag_below(page: Page, name: str, other: str) -> None:
    """Drag one variant below another one; again, if what came late moved the page under the mouse."""
    one, below = (
        page.locator(".attune-ready").filter(has=page.get_by_role("button", name=f"Move up: {text}"))
        for text in (name, other)
    )

    def is_below() -> bool:
        one.locator(".attune-handle").drag_to(below, target_position={"x": 200, "y": 30})
        page.wait_for_selector(".attune-dragged", state="detached")
        names = page.locator(".attune-ready .attune-name").all_text_contents()
        return names.index(name) > names.index(other)

    eventually(is_below, page=page)


def _names() -> list[str]:
    return list(Variant.objects.values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_block_page__written_in_the_editor__is_saved(editor: Page) -> None:
    editor.locator(".field-default").get_by_text("Everyone else sees:").click()
    text = editor.get_by_role("textbox", name="Everyone else sees", exact=True)
    editor.wait_for_function("editor => editor === document.activeElement", arg=text.element_handle())
    assert text.get_attribute("aria-describedby") == "id_default_helptext"
    editor.keyboard.press("Control+A")
    editor.keyboard.type("Hello & welcome")
    _save(editor)
    assert Block.objects.get().default == "<p>Hello &amp; welcome</p>"


@pytest.mark.django_db(transaction=True)
def test_block_page__moved_by_buttons_and_by_dragging__the_order_is_saved(editor: Page) -> None:
    variants = editor.locator(".attune-ready")
    variants.nth(2).get_by_role("button", name="Move up: Third").click()
    assert editor.locator(".attune-live").inner_text() == "Moved to place 2"
    _drag_below(editor, "First", "Second")
    _save(editor)
    assert _names() == ["Third", "Second", "First"]
    assert list(Variant.objects.values_list("order", flat=True)) == [10, 20, 30]


@pytest.mark.django_db(transaction=True)
def test_block_page__languages_of_one_audience__are_folded_and_moved_together(editor: Page) -> None:
    for name, language in (("First", "en"), ("Second", "de")):
        Variant.objects.filter(name=name).update(languages=[language])
    editor.reload()
    variants = editor.locator(".attune-ready")
    others = editor.get_by_role("button", name="and in Deutsch", exact=True)
    assert [others.get_attribute("aria-expanded"), others.get_attribute("aria-controls")] == ["false", "variants-1"]
    assert [variants.nth(place).is_visible() for place in range(3)] == [True, False, True]
    _drag_below(editor, "First", "Third")
    assert [variants.nth(place).is_visible() for place in range(3)] == [True, True, False]
    variants.nth(0).get_by_role("button", name="Move down").click()
    assert editor.locator(".attune-live").inner_text() == "Moved to place 2"
    assert [variants.nth(place).is_visible() for place in range(3)] == [True, False, True]
    others.click()
    assert variants.nth(1).is_visible()
    others.click()
    variants.nth(0).get_by_label("Delete").check()
    assert variants.nth(1).is_visible()
    names = editor.locator(".attune-ready .attune-name").all_inner_texts()
    orders = [field.input_value() for field in editor.locator(".attune-ready [name$=-order]").all()]
    assert (names, orders) == (["First", "Second", "Third"], ["10", "20", "30"])


@pytest.mark.django_db(transaction=True)
def test_block_page__new_variant_for_a_segment__only_its_fields_show_and_it_comes_last(editor: Page) -> None:
    editor.click(".add-row a")
    new = editor.locator(".attune-ready").nth(3)
    new.locator("[name$=-name]").fill("Fourth")
    rows = {name: new.locator(f".field-{name}") for name in ("segments", "rule", "body", "template_name")}
    assert [name for name, row in rows.items() if row.is_visible()] == ["body"]
    new.locator("[name$=-audience_kind]").select_option("segments")
    assert [name for name, row in rows.items() if row.is_visible()] == ["segments", "body"]
    new.get_by_label("Fans").check()
    assert new.locator(".attune-summary").inner_text() == "Fans"
    new.locator("[role=textbox]").click()
    editor.keyboard.type("For fans")
    _save(editor)
    variant = Variant.objects.get(name="Fourth")
    assert _names()[-1] == "Fourth"
    assert (variant.body, [chosen.slug for chosen in variant.segments.all()]) == ("<p>For fans</p>", ["fans"])


@pytest.mark.django_db(transaction=True)
def test_blocks__buttons_in_the_list_and_on_the_page__pause_and_resume(editor: Page) -> None:
    editor.get_by_role("button", name="Pause").click()
    editor.wait_for_selector(".messagelist .success")
    assert Block.objects.get().status == Block.Status.PAUSED
    editor.locator(".breadcrumbs").get_by_role("link", name="Blocks").click()
    editor.get_by_role("button", name="Resume: Hero").click()
    editor.wait_for_selector(".messagelist .success")
    assert Block.objects.get().status == Block.Status.LIVE
    editor.get_by_role("button", name="Pause everything").click()
    editor.locator(".attune-notice").get_by_text("Everything is paused since").wait_for()


@pytest.mark.django_db(transaction=True)
def test_block_page__enter_in_a_field__saves_and_presses_no_other_button(editor: Page) -> None:
    editor.locator("#id_name").fill("Renamed")
    editor.locator("#id_name").press("Enter")
    editor.wait_for_selector(".messagelist .success")
    block = Block.objects.get()
    assert (block.name, block.status) == ("Renamed", Block.Status.LIVE)


@pytest.mark.django_db(transaction=True)
def test_block_page__mistake_in_a_folded_variant__is_shown_open(editor: Page) -> None:
    second = editor.locator(".attune-ready").nth(1)
    second.locator(".attune-toggle").click()
    second.locator("[name$=-audience_kind]").select_option("rule")
    second.get_by_role("button", name="As text").click()
    second.locator("[name$=-rule]").fill('{"event": "view_item", "at_least": -1}')
    editor.click("[name=_save]")
    editor.wait_for_selector(".errornote")
    editor.locator(".attune-row-mistake", has_text="The number may not be under 0.").wait_for()


@pytest.mark.django_db(transaction=True)
def test_block_page__rule_of_a_variant_is_typed__is_said_in_words_or_its_mistakes_are(editor: Page) -> None:
    editor.locator(".attune-toggle", has_text="Second").click()
    editor.select_option("#id_variants-1-audience_kind", "rule")
    said = editor.locator("#variants-1 .field-rule_in_words .readonly")
    editor.locator("#variants-1").get_by_role("button", name="As text").click()
    editor.fill("#id_variants-1-rule", '{"event": "view_item", "at_least": -3}')
    said.get_by_text("$.at_least").wait_for()
    editor.fill("#id_variants-1-rule", '{"event": "view_item", "at_least": 3}')
    said.get_by_text("Viewed an item at least 3 times.").wait_for()
    assert "There is no rule yet." in (
        editor.locator("#variants-0 .field-rule_in_words .readonly").text_content() or ""
    )
    editor.get_by_text("Add another").first.click()
    editor.select_option("#id_variants-3-audience_kind", "rule")
    added = editor.locator("#variants-3")
    added.get_by_text("No condition yet").wait_for()
    added.get_by_role("button", name="Add a condition").click()
    added.get_by_role("button", name="They did not do something").click()
    added.get_by_text("Never bought something in the last 7 days.").wait_for()
    added.get_by_role("button", name="Remove: Condition 1").click()
    added.get_by_text("There is no rule yet.").wait_for()
    assert editor.locator("#id_variants-3-rule").input_value() == ""


@pytest.mark.django_db(transaction=True)
def test_block_page__what_is_typed__is_previewed_kept_as_a_draft_and_published(editor: Page) -> None:
    first = editor.locator("#variants-0")
    first.locator(".attune-toggle").click()
    preview = editor.frame_locator("#variants-0 .attune-preview iframe:last-child")
    preview.get_by_text("First", exact=True).wait_for()
    first.locator(".field-body [role=textbox]").click()
    editor.keyboard.press("Control+A")
    editor.keyboard.type("Typed")
    preview.get_by_text("Typed", exact=True).wait_for()
    first.get_by_role("button", name="Phone").click()
    assert first.locator(".attune-preview-frame").evaluate("frame => frame.clientWidth") <= 390
    editor.get_by_role("button", name="Save as draft").click()
    editor.get_by_text("This is the draft of editor").wait_for()
    assert Variant.objects.get(name="First").body == "<p>First</p>"
    editor.get_by_role("button", name="Publish the draft").click()
    editor.get_by_text("“Hero” is published.").wait_for()
    assert Variant.objects.get(name="First").body == "<p>Typed</p>"
