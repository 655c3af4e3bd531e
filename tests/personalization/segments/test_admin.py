"""The admin of segments, as an editor uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from consent.purposes import ANALYTICS
from personalization.profiles.services import set_traits
from personalization.profiles.traits import Plain
from personalization.rules import Decaying, Rule
from personalization.segments import admin as segments_admin
from personalization.segments import admin_panels, updating, usages
from personalization.segments.models import Segment, Status
from personalization.segments.usages import Usage
from tests.personalization.segments.people import NOW, VIEWED, VIEWED_THREE, segment, view, visitor_with
from tracking.models import Import, Visitor

pytestmark = pytest.mark.django_db

LIST = "/admin/attune_segments/segment/"


@pytest.fixture(autouse=True)
def _admin_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.personalization.segments.urls"
    settings.TEMPLATES = [engine | {"DIRS": []} for engine in settings.TEMPLATES]  # our own templates, no site's
    monkeypatch.setattr(updating, "update_soon", lambda: True)


@pytest.fixture
def editor(client: Client) -> Client:
    """An editor who may do everything with segments but update them for everybody."""
    user = User.objects.create_user("editor", is_staff=True)
    names = ["add_segment", "change_segment", "delete_segment", "view_segment"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


@pytest.fixture
def used() -> Iterator[None]:
    """Every segment is used by a block of that name."""
    usages.register("test", lambda slug: [Usage(f"Block “{slug}”", "/admin/somewhere/")] * 2)  # by two variants
    yield
    usages._finders.pop("test")


def form(**changed: Any) -> dict[str, Any]:
    rule = changed.pop("rule", VIEWED)
    text = rule if isinstance(rule, str) else json.dumps(rule)
    return {"name": "Viewers", "slug": "viewers", "status": "active", "description": "", "rule": text} | changed


def errors(response: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = response.context["adminform"].form.errors
    return found


def test_add__a_rule__is_stored_and_said_in_words(editor: Client) -> None:
    response = editor.post(f"{LIST}add/", form(rule=VIEWED_THREE) | {"_continue": "1"}, follow=True)
    assert Segment.objects.get().rule == VIEWED_THREE
    page = response.content.decode()
    assert escape(Rule.parse(VIEWED_THREE).describe()) in page
    assert "Nowhere yet." in page
    assert "Show seven rules" in page


def test_change__draft_that_was_never_counted__shows_dashes(editor: Client) -> None:
    stored = segment("viewers", VIEWED, status=Status.DRAFT)
    page = editor.get(f"{LIST}{stored.pk}/change/").content.decode()
    assert page.count('<div class="readonly">–</div>') == 2
    assert '<div class="readonly">None</div>' not in page


def test_change__stored_rule_over_todays_limits__holds_and_is_flagged(editor: Client) -> None:
    stored = segment("viewers", {"any": [VIEWED] * 201})
    page = editor.get(f"{LIST}{stored.pk}/change/").content.decode()
    assert "It still holds, but is larger than rules may be now: $: found 201 conditions; allowed: at most 200" in page
    assert "Viewed an item" in page


def test_change__people_who_were_imported__says_how_far_their_times_were_moved(editor: Client) -> None:
    stored = segment("viewers", VIEWED)
    Segment.objects.update(size=1, size_at=NOW)
    record = Import.objects.create(
        name="<b>old.csv", purposes=3, shift_microseconds=-1_000_000, last_event_at=NOW, rows=1, started_at=NOW
    )
    Visitor.objects.filter(pk=visitor_with(view())).update(imported_from=record)
    page = editor.get(f"{LIST}{stored.pk}/change/").content.decode()
    assert "<br>With visitors imported from &lt;b&gt;old.csv, moved in time by -0 days, 0:00:01" in page


@pytest.mark.parametrize("rule", [VIEWED_THREE, {"all": []}])
def test_change__stored_rule__is_shown_indented(editor: Client, rule: dict[str, Any]) -> None:
    stored = segment("viewers", rule)
    response = editor.get(f"{LIST}{stored.pk}/change/")
    assert response.context["adminform"].form["rule"].value() is not None
    assert json.dumps(rule, indent=2).replace('"', "&quot;") in response.content.decode()


def test_add__several_mistakes__are_all_named_with_their_places(editor: Client) -> None:
    rule = {
        "all": [
            {"event": "view_item", "at_least": -1},
            {"event": "view_item", "within": "10 minutes"},
            {"nonsense": True},
        ]
    }
    response = editor.post(f"{LIST}add/", form(rule=rule))
    found = "\n".join(errors(response)["rule"])
    assert "$.all[0].at_least" in found
    assert "$.all[1].within" in found
    assert "$.all[2]" in found
    assert "10 minutes" in response.content.decode()
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"all": [\n  {"event": "view_item",}]}', "Line 2, column 25"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5_000, "too many digits"),
        ('{"event": "view\\u0000item"}', "$.event"),
        ('{"event": "\\ud800"}', "$.event"),
        ("", "required"),
        ("null", "required"),
        ("[]", "required"),
        ('{"event": "<script>alert(1)</script>", "at_least": "<script>"}', "$.at_least"),
    ],
)
def test_add__no_rule__says_what_is_wrong_and_where(editor: Client, text: str, said: str) -> None:
    response = editor.post(f"{LIST}add/", form(rule=text))
    assert response.status_code == 200
    assert said in "\n".join(errors(response)["rule"])
    assert "<script>alert" not in response.content.decode()
    assert not Segment.objects.exists()


def test_change__a_circle__is_refused_and_named(editor: Client) -> None:
    segment("a", {"segment": "b"})
    segment("b", {"segment": "c"}, status=Status.DRAFT)
    last = segment("c", VIEWED)
    response = editor.post(f"{LIST}{last.pk}/change/", form(slug="c", rule={"not": {"segment": "a"}}))
    assert errors(response)["rule"] == ["Segments may not depend on themselves: c → a → b → c."]
    response = editor.post(f"{LIST}add/", form(slug="d", rule={"segment": "d"}))
    assert errors(response)["rule"] == ["Segments may not depend on themselves: d → d."]


def test_change__name_in_templates__stays(editor: Client) -> None:
    stored = segment("viewers", VIEWED)
    editor.post(f"{LIST}{stored.pk}/change/", form(slug="others", name="Others"))
    stored.refresh_from_db()
    assert (stored.slug, stored.name) == ("viewers", "Others")
    stored.slug = "others"
    with pytest.raises(ValueError, match="keeps its name"):
        stored.save()


@pytest.mark.usefixtures("used")
def test_change__deactivating_a_used_segment__is_refused_with_its_uses(editor: Client) -> None:
    stored = segment("viewers", VIEWED)
    segment("through", {"segment": "viewers"})
    for status in (Status.DRAFT, Status.ARCHIVED):
        response = editor.post(f"{LIST}{stored.pk}/change/", form(status=status))
        (message,) = errors(response)["status"]
        assert "Block “viewers”" in message
        assert "Segment “Through”" in message
    stored.refresh_from_db()
    assert stored.status == Status.ACTIVE


@pytest.mark.usefixtures("used")
def test_delete__used_segment__is_refused_with_its_uses(editor: Client) -> None:
    stored = segment("viewers", VIEWED)
    page = editor.get(f"{LIST}{stored.pk}/delete/").content.decode()
    assert "This segment is used, so it cannot be deleted. Take it out here first:" in page
    assert page.count("Block “viewers”") == 1
    others = [stored.pk, segment("others", VIEWED).pk]
    page = editor.post(LIST, {"action": "delete_selected", "_selected_action": others}).content.decode()
    assert "Some of these segments are used, so none is deleted." in page
    assert re.search("Viewers: <a [^>]*>Block “viewers”</a>", page)
    assert "<h1>Segments</h1>" in editor.get(LIST).content.decode()
    editor.post(f"{LIST}{stored.pk}/delete/", {"post": "yes"})
    editor.post(LIST, {"action": "delete_selected", "_selected_action": [stored.pk], "post": "yes"})
    assert Segment.objects.filter(pk=stored.pk).exists()


def test_delete__unused_segment__goes(editor: Client) -> None:
    stored = segment("viewers", VIEWED)
    editor.post(f"{LIST}{stored.pk}/delete/", {"post": "yes"})
    assert not Segment.objects.exists()


def test_save__a_rule_that_names_no_active_segment__warns(editor: Client) -> None:
    response = editor.post(f"{LIST}add/", form(rule={"segment": "gone"}), follow=True)
    assert "there is no active segment “gone”" in response.content.decode()
    archived = form(rule={"segment": "gone"}, slug="old", status="archived")
    assert "no active segment" not in editor.post(f"{LIST}add/", archived, follow=True).content.decode()


def test_update_now__with_permission__judges_everybody(admin_client: Client) -> None:
    stored = segment("viewers", VIEWED)
    visitor_with(view())
    page = admin_client.get(LIST).content.decode()
    assert "Update now" in page
    response = admin_client.post(reverse("admin:attune_segments_segment_update_now"), follow=True)
    assert "Updated: one visitor was looked at." in response.content.decode()
    stored.refresh_from_db()
    assert stored.size == 1
    assert stored.size_at is not None


def test_update_now__as_an_action__judges_everybody(admin_client: Client) -> None:
    stored = segment("viewers", VIEWED)
    visitor_with(view())
    admin_client.post(LIST, {"action": "update_now_action", "_selected_action": [stored.pk]})
    stored.refresh_from_db()
    assert stored.size == 1


def test_update_now__without_permission__is_neither_shown_nor_done(editor: Client) -> None:
    stored = segment("viewers", VIEWED)
    page = editor.get(LIST).content.decode()
    assert "Update now" not in page
    assert editor.post(reverse("admin:attune_segments_segment_update_now")).status_code == 403
    editor.post(LIST, {"action": "update_now_action", "_selected_action": [stored.pk]})
    stored.refresh_from_db()
    assert stored.size_at is None


def test_save__rules_that_came_changed_or_went__are_applied_to_everybody(
    editor: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    calls: list[bool] = []
    monkeypatch.setattr(updating, "update_soon", lambda: calls.append(True))

    def updates(url: str, data: dict[str, Any]) -> int:
        calls.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert editor.post(url, data).status_code == 302
        return len(calls)

    assert updates(f"{LIST}add/", form(status="draft")) == 0
    page = f"{LIST}{Segment.objects.get().pk}/change/"
    assert updates(page, form()) == 1
    assert updates(page, form(name="Other name")) == 0
    assert updates(page, form(rule=VIEWED_THREE)) == 1
    assert updates(page, form(rule=VIEWED_THREE, status="archived")) == 1
    assert updates(page, form(rule=VIEWED_THREE)) == 1
    chosen = {"action": "delete_selected", "_selected_action": [Segment.objects.get().pk], "post": "yes"}
    assert updates(LIST, chosen) == 1
    other = segment("other", VIEWED)
    assert updates(f"{LIST}{other.pk}/delete/", {"post": "yes"}) == 1


def test_update_now__by_following_a_link__does_nothing(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:attune_segments_segment_update_now")).status_code == 405


@pytest.mark.parametrize(("taken", "said"), [(True, "has started"), (False, "No worker can be reached")])
def test_update_now__many_visitors__is_left_to_the_workers(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, taken: bool, said: str
) -> None:
    monkeypatch.setattr(updating, "FEW", 0)
    monkeypatch.setattr(updating, "update_soon", lambda: taken)
    visitor_with(view())
    response = admin_client.post(reverse("admin:attune_segments_segment_update_now"), follow=True)
    assert said in response.content.decode()


def test_rule_in_words__typed_rule__is_said_or_its_mistakes_are(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("admin:attune_segments_segment_rule_in_words")
    segment("a", {"segment": "b"})
    assert editor.post(url, {"rule": json.dumps(VIEWED_THREE)}).json() == {
        "sentence": Rule.parse(VIEWED_THREE).describe(),
        "asked_of": "Asked of visitors who agreed to personalization; nobody else belongs to it.",
        "mistakes": [],
        "marked": [],
    }
    phones = editor.post(url, {"rule": '{"request": "device", "is": "mobile"}'}).json()
    assert phones["asked_of"].startswith("Asked of everybody, also of visitors who have not agreed")
    wrong = editor.post(url, {"rule": '{"event": "view_item", "at_least": null}'}).json()
    assert "$.at_least" in wrong["mistakes"][0]
    assert wrong["marked"] == [{"place": "$.at_least", "mistake": wrong["mistakes"][0], "text": "A number is missing."}]
    assert editor.post(url, {"rule": " "}).json()["sentence"] == "There is no rule yet."
    assert "Line 1" in editor.post(url, {"rule": "{"}).json()["mistakes"][0]
    circle = editor.post(url, {"rule": '{"segment": "a"}', "slug": "b"}).json()
    assert circle["mistakes"] == ["Segments may not depend on themselves: b → a → b."]
    assert editor.get(url).status_code == 405
    monkeypatch.setattr(segments_admin, "IN_WORDS_PER_MINUTE", 0)
    assert editor.post(url, {"rule": "{}"}).status_code == 429
    User.objects.update(is_superuser=False)
    User.objects.get().user_permissions.clear()
    assert editor.post(url, {"rule": "{}"}).status_code == 403


def test_list__segments__costs_the_same_for_few_and_many(admin_client: Client) -> None:
    costs = []
    for count in (2, 20):
        for number in range(count):
            segment(f"s{count}-{number}", VIEWED)
        segment(f"now-{count}", {"request": "path", "is": "/"})
        with CaptureQueriesContext(connection) as queries:
            page = admin_client.get(LIST).content.decode()
        costs.append(len(queries))
        assert "Decided at each visit, nothing stored" in page
        assert "Not counted yet" in page
    assert costs[0] == costs[1]


def test_panels__visitor__show_what_is_known_now_and_why(settings: Any) -> None:
    segment("viewers", VIEWED_THREE)
    segment("buyers", {"event": "purchase"})
    segment("now", {"request": "path", "is": "/"})
    segment("broken", {"not": {"segment": "gone"}})
    visitor_id = visitor_with(view(1), view(2), view(3))
    week_ago = NOW - timedelta(days=3650)
    set_traits(
        visitor_id,
        {"name": "<script>", "interest": Decaying(8.0, timedelta(days=7), week_ago)},
        source="test",
        now=NOW,
    )
    known = admin_panels.known_panel(visitor_id, person=True)
    assert "&lt;script&gt;" in known
    assert "<script>" not in known
    assert ">8.0<" not in known
    explained = admin_panels.segments_panel(visitor_id, person=True)
    assert "There is no active segment “gone”." in explained
    assert "Decided at each visit, nothing stored" in explained
    assert "<p>The page&#x27;s path is “/”.</p>" in explained
    assert explained.index("Viewers") < explained.index("Buyers")
    plainly, _more, technically = explained.partition("<summary>More</summary>")
    assert re.search(r"Viewed an item at least 3 times.*Found: 3 times\.", plainly)
    assert "3 of at least 3 `view_item`" in technically
    assert "`" not in plainly


def test_panels__values_of_every_kind__are_said_as_people_do() -> None:
    visitor_id = visitor_with(view())
    fading = Decaying(8.0, timedelta(days=7), NOW - timedelta(days=3650))
    set_traits(visitor_id, {"a": True, "b": 3, "c": 12345.678, "d": fading}, source="test", now=NOW)
    shown = re.findall(r"<td>(.*?)</td>", admin_panels.known_panel(visitor_id, person=True))
    assert [shown[start : start + 2] for start in range(0, 12, 4)] == [["yes", "–"], ["3", "–"], ["12345.678", "–"]]
    assert shown[13] == "1 week"
    assert len(shown[12]) < 12


SECRETS: dict[str, Plain] = {
    "email": "anna@example.org",
    "company": "Anna Bolika & Co.",
    "customer_number": 4_711_000,
    "phone": 151,
}
TELLING: dict[str, Plain] = {"tier": "gold", "visits": 12, "share": 0.25, "confirmed": True, "ratio": 1_234_567.5}


def test_panels__whoever_may_not_see_persons__learn_what_is_pseudonymous(settings: Any) -> None:
    settings.PERSONALIZATION_PSEUDONYMOUS_TRAITS = ["tier"]
    visitor_id = visitor_with(view(customer_id="C-11", item_id="boots"), view(customer_id="C-11", phone=4930123456))
    set_traits(visitor_id, SECRETS | TELLING, source="import of anna@example.org", now=NOW)
    for name in SECRETS | TELLING:
        segment(name, {"any": [{"trait": name, "exists": True}, {"trait": name, "is": "anna@example.org"}]})
    segment("loyal", {"event": "view_item", "per": "customer_id", "at_least": 2})
    segment("keen", {"event": "view_item", "per": "item_id"})
    segment("dialed", {"event": "view_item", "measure": "maximum", "of": "phone", "at_least": 1})
    for person in (True, False):
        known = admin_panels.known_panel(visitor_id, person=person)
        explained = admin_panels.segments_panel(visitor_id, person=person)
        for name, value in SECRETS.items():
            for page in (known, explained):
                assert (re.search(rf"(?<!\w){re.escape(escape(value))}(?!\w)", page) is not None) is person, (
                    name,
                    page,
                )
            assert (f"`{name}` is known, not shown" in explained) is not person
        assert known.count("known, not shown") == (0 if person else len(SECRETS))
        assert ("C-11" in explained) is person
        assert ("4930123456" in explained) is person
        assert all(shown in known for shown in ("gold", "12", "0.25", "yes"))
        assert all(shown in explained for shown in ("gold", "`visits` is 12;", "boots"))
        assert ">Loyal<" in explained
        assert ("anna@example.org" in known + explained) is person


def test_panels__trait_listed_as_pseudonymous__is_shown_whatever_its_name(settings: Any) -> None:
    settings.PERSONALIZATION_PSEUDONYMOUS_TRAITS = list(SECRETS)
    visitor_id = visitor_with(view())
    set_traits(visitor_id, SECRETS, source="test", now=NOW)
    assert "not shown" not in admin_panels.known_panel(visitor_id, person=False)


def test_panels__visitor_who_did_not_agree__concludes_nothing() -> None:
    segment("quiet", {"not": VIEWED})
    visitor_id = visitor_with(view(), purposes=ANALYTICS.bit)
    assert "Not asked" in admin_panels.segments_panel(visitor_id, person=True)
    assert "Nothing yet." in admin_panels.known_panel(visitor_id, person=True)
