"""The banner as people meet it: in Chromium, by mouse and by keyboard, on a phone, without scripts, in two tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

HEARD = "document.addEventListener('attune:consent', (event) => { window.heard = event.detail.choices; })"
SOON = "new Promise((heard) => window.heard ? heard() : document.addEventListener('attune:consent', () => heard()))"
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shift))))"
# Not by the mouse: between its two clicks a busy machine takes longer than anybody who clicks twice.
TWICE = """() => {
  const { left, top, width, height } = document.querySelector("[data-attune-answer=choose]").getBoundingClientRect();
  for (const detail of [1, 2]) {
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    hit.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
  }
}"""
# So many pixels of a long page's last line stay beneath the banner when one has scrolled to its end.
HIDDEN = """() => {
  const last = document.querySelector("body > p:last-of-type");
  last.style.marginTop = "2000px";
  scrollTo(0, 20_000);
  return last.getBoundingClientRect().bottom - document.getElementById("attune-consent").getBoundingClientRect().top;
}"""
ANSWER_AND_LEAVE = """() => {
  document.querySelector("[data-attune-answer=granted]").click();
  location.href = "/page/?next";
}"""
BOTH = {"analytics": "granted", "personalization": "granted"}
NEITHER = {"analytics": "refused", "personalization": "refused"}
UNSET = {"analytics": "unset", "personalization": "unset"}


def _open(page: Page, server: LiveServer, path: str = "/page/") -> None:
    page.goto(server.url + path)


def _answer(page: Page, answer: str) -> None:
    page.locator(f"[data-attune-answer={answer}]").click()


def _shown(page: Page) -> None:
    page.locator("#attune-consent").wait_for(state="visible")


def _gone(page: Page) -> None:
    page.locator("#attune-consent").wait_for(state="hidden")


def _choices(page: Page) -> Any:
    return page.evaluate("window.attuneConsent.choices()")


def _cookies(page: Page) -> set[str]:
    return {cookie.get("name", "") for cookie in page.context.cookies()}


@pytest.mark.parametrize(
    ("answer", "choices", "cookies"),
    [
        ("granted", BOTH, {"attune_consent", "attune_consent_proof", "attune_visitor"}),
        ("refused", NEITHER, {"attune_consent", "attune_consent_proof"}),
    ],
)
def test_banner__answered__is_gone_and_tells_the_page(
    page: Page, live_server: LiveServer, answer: str, choices: dict[str, str], cookies: set[str]
) -> None:
    _open(page, live_server)
    _shown(page)
    assert _choices(page) == UNSET
    page.evaluate(HEARD)
    _answer(page, answer)
    _gone(page)
    assert page.evaluate("window.heard") == choices == _choices(page)
    assert _cookies(page) == cookies
    _open(page, live_server)
    assert page.locator("#attune-consent").is_hidden()
    assert _choices(page) == choices


def test_banner__answered_and_left_at_once__is_saved_and_closes_on_the_next_page(
    page: Page, live_server: LiveServer
) -> None:
    _open(page, live_server)
    _shown(page)
    page.evaluate(ANSWER_AND_LEAVE)
    page.wait_for_url("**/page/?next")
    _gone(page)
    assert _choices(page) == BOTH
    assert _cookies(page) == {"attune_consent", "attune_consent_proof", "attune_visitor"}


def test_banner__by_keyboard__can_be_unfolded_and_saved(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server)
    _shown(page)
    assert page.evaluate("document.activeElement.id") == "attune-consent"
    for _ in range(4):  # the link, accept, refuse, choose
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.attuneAnswer") == "choose"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "analytics"
    assert page.locator("#attune-consent input:checked").count() == 0
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.attuneAnswer") == "choose"
    assert page.locator("#attune-consent").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    _gone(page)
    assert _choices(page) == {"analytics": "refused", "personalization": "granted"}


def test_banner__choose_clicked_twice_by_habit__saves_nothing(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server)
    page.evaluate(TWICE)
    assert page.locator("#attune-consent-choose").is_visible()
    assert _cookies(page) == set()
    page.locator("#attune-consent-analytics").check()
    _answer(page, "chosen")
    _gone(page)
    assert _choices(page) == {"analytics": "granted", "personalization": "refused"}


def test_open__by_link__shows_what_was_chosen_and_gives_the_focus_back(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server)
    _answer(page, "granted")
    _gone(page)
    page.locator("#privacy").click()
    _shown(page)
    assert page.locator("#attune-consent input:checked").count() == 2
    page.keyboard.press("Escape")
    _gone(page)
    assert page.evaluate("document.activeElement.id") == "privacy"
    page.locator("#privacy").click()
    page.locator("#attune-consent-analytics").uncheck()
    _answer(page, "chosen")
    _gone(page)
    assert page.evaluate("document.activeElement.id") == "privacy"
    assert _choices(page) == {"analytics": "refused", "personalization": "granted"}


def test_banner__saving_fails__says_so_and_can_be_tried_again(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server)
    page.route("**/consent/", lambda route: route.abort())
    _answer(page, "refused")
    message = page.locator("[data-attune-message]")
    message.filter(has_text="could not be saved").wait_for()
    assert page.locator("#attune-consent").is_visible()
    page.unroute("**/consent/")
    _answer(page, "refused")
    _gone(page)
    assert _choices(page) == NEITHER


def test_banner__page_older_than_the_texts__asks_about_the_new_ones(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server, "/old-page/")
    _answer(page, "granted")
    page.locator("[data-attune-message]").filter(has_text="texts have changed").wait_for()
    assert _cookies(page) == set()
    _answer(page, "granted")
    _gone(page)
    assert _choices(page) == BOTH


def test_banner__choice_newer_than_the_page__is_not_asked_again(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server)
    _answer(page, "granted")
    _gone(page)
    page.add_init_script(HEARD)
    _open(page, live_server, "/old-page/")
    page.evaluate(SOON)
    assert page.evaluate("window.heard") == BOTH == _choices(page)
    assert page.locator("#attune-consent").is_hidden()


def test_check__proof_lost__asks_again(page: Page, live_server: LiveServer) -> None:
    _open(page, live_server)
    _answer(page, "granted")
    _gone(page)
    page.context.clear_cookies(name="attune_consent_proof")
    assert page.evaluate("window.attuneConsent.check()") == UNSET
    _shown(page)
    assert _cookies(page) == set()


def test_banner__answered_in_another_tab__closes_here_too(page: Page, live_server: LiveServer) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        _open(tab, live_server)
        _shown(tab)
    other.evaluate(HEARD)
    _answer(page, "granted")
    _gone(page)
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    _gone(other)
    assert other.evaluate("window.heard") == BOTH


def test_banner__withdrawn_in_one_tab_and_granted_in_the_other__ends_with_a_new_visitor(
    page: Page, live_server: LiveServer
) -> None:
    _open(page, live_server)
    _answer(page, "granted")
    _gone(page)
    before = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}["attune_visitor"]
    other = page.context.new_page()
    _open(other, live_server)
    other.locator("#privacy").click()
    page.locator("#privacy").click()
    _answer(page, "refused")
    _gone(page)
    assert "attune_visitor" not in _cookies(page)
    _answer(other, "granted")
    _gone(other)
    after = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}["attune_visitor"]
    assert before != after
    assert _choices(page) == BOTH


def test_banner__on_a_phone__fits_with_equal_answers_and_moves_nothing(
    new_visitor: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    page = new_visitor(viewport={"width": 390, "height": 844}, reduced_motion="reduce").new_page()
    page.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver((list) => {"
        " for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    _open(page, live_server)
    _shown(page)
    boxes = [button.bounding_box() for button in page.locator(".attune-consent-answers button:visible").all()]
    assert len(boxes) == 3
    sizes = {(round(box["width"]), round(box["height"]), round(box["y"])) for box in boxes if box}
    assert len(sizes) == 1
    assert min(height for _width, height, _y in sizes) >= 44
    _answer(page, "choose")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(DRAWN) == 0
    assert page.evaluate(HIDDEN) <= 0


def test_preferences__without_script__can_be_reached_and_saved(
    new_visitor: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    page = new_visitor(java_script_enabled=False).new_page()
    _open(page, live_server)
    assert page.locator("#attune-consent").is_hidden()
    page.locator(".attune-consent-noscript a").click()
    page.get_by_label("Personal content").check()
    page.get_by_role("button", name="Save my choice").click()
    assert page.get_by_role("status").inner_text() == "Your choice is saved."
    assert page.get_by_label("Personal content").is_checked()
    assert not page.get_by_label("Measuring visits").is_checked()
    page.get_by_role("button", name="Refuse all").click()
    assert not page.get_by_label("Personal content").is_checked()
    assert _cookies(page) == {"attune_consent", "attune_consent_proof"}
