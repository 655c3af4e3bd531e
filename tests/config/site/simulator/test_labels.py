"""What simulated visitors show is called simulated on every page of the demo's admin, and nowhere in the packages."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from config.site.simulator.doors import InProcess
from config.site.simulator.models import SimulatedVisitor
from config.site.simulator.selectors import Population, population, simulated_as
from config.site.simulator.sending import begin_history, send_history
from config.site.simulator.shop import read_shop
from consent import stores
from personalization.management.commands.setup_attune import make_groups
from personalization.segments.models import Segment
from tests.architecture import PACKAGES, PROJECT, project_files
from tests.tracking.samples import NOW, batch, event
from tracking.models import StoredEvent, Visitor
from tracking.recording import record_events

COUNT = 20
STRIP = 'class="simulated-strip"'


@pytest.fixture
def simulated(db: None) -> list[UUID]:
    """The visitors that a short history leaves."""
    run = begin_history(seed=3, visitors=COUNT, now=timezone.now())
    send_history(run, range(COUNT), shop=read_shop(), door=InProcess("http://127.0.0.1:8000"))
    found = list(SimulatedVisitor.objects.filter(visitor_id__isnull=False).values_list("visitor_id", flat=True))
    assert found
    cache.clear()
    return [visitor_id for visitor_id in found if visitor_id]


@pytest.fixture
def real(db: None) -> UUID:
    """Somebody who came to the shop."""
    visitor_id = uuid4()
    record_events([batch([event()], visitor_id=visitor_id)], now=NOW)
    return visitor_id


def pages_of_the_admin() -> list[str]:
    """The first page of everything that the admin shows, and its own pages."""
    found = ["admin:index", "admin:password_change"]
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            found.append(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
    return found


@pytest.mark.parametrize("name", pages_of_the_admin())
def test_admin_page__with_simulated_visitors__says_so(simulated: list[UUID], admin_client: Client, name: str) -> None:
    try:
        page = admin_client.get(reverse(name))
    except NoReverseMatch:
        return
    if page.status_code in {302, 403}:
        return  # nobody may add these by hand
    said = page.content.decode()
    assert said.count(STRIP) == 1
    assert f"{len(simulated)} invented visitors, and 0 who really came." in said


def test_admin_page__of_one_thing__says_so_too(simulated: list[UUID], admin_client: Client) -> None:
    segment = Segment.objects.create(slug="s", name="S", rule={"event": "view_item"})
    for path in (
        reverse("admin:attune_segments_segment_change", args=[segment.pk]),
        reverse("admin:attune_segments_segment_delete", args=[segment.pk]),
        reverse("admin:attune_tracking_visitor_change", args=[simulated[0]]),
    ):
        assert STRIP in admin_client.get(path).content.decode()


def test_admin_page__without_simulated_visitors__says_nothing(real: UUID, admin_client: Client) -> None:
    assert STRIP not in admin_client.get(reverse("admin:index")).content.decode()


@pytest.mark.django_db
def test_login_page__with_simulated_visitors__tells_strangers_no_numbers(simulated: list[UUID], client: Client) -> None:
    assert STRIP not in client.get(reverse("admin:login")).content.decode()


def test_strip__few_real_visitors__are_not_counted_for_editors(
    simulated: list[UUID], real: UUID, client: Client
) -> None:
    make_groups()
    anna = User.objects.create_user("anna", is_staff=True)
    anna.groups.add(Group.objects.get(name="Attune: editors"))
    client.force_login(anna)
    assert "invented visitors, and under 10 who really came." in client.get(reverse("admin:index")).content.decode()


def test_strip__history_that_fills_up__says_how_far_it_is(simulated: list[UUID], admin_client: Client) -> None:
    begin_history(seed=3, visitors=5000, now=timezone.now())
    assert f"{COUNT} of 5,000 so far" in admin_client.get(reverse("admin:index")).content.decode()


def test_explanation__for_any_staff__is_there(simulated: list[UUID], client: Client) -> None:
    client.force_login(User.objects.create_user("bert", is_staff=True))
    page = client.get(reverse("admin:demo_simulator_simulatedrun_changelist"))
    assert page.status_code == 200
    assert "Nobody comes to a shop that does not exist." in page.content.decode()
    assert sum(page.context["intents"].values()) == COUNT


def test_visitors_page__simulated_and_real__tells_which(
    simulated: list[UUID], real: UUID, admin_client: Client
) -> None:
    said = {
        visitor_id: admin_client.get(
            reverse("admin:attune_tracking_visitor_change", args=[visitor_id])
        ).content.decode()
        for visitor_id in (simulated[0], real)
    }
    made_up_as = simulated_as(simulated[0])
    assert made_up_as is not None
    assert "Simulated visitor." in said[simulated[0]]
    assert f"made up as: {made_up_as.intent}" in said[simulated[0]]
    assert "Simulated visitor." not in said[real]
    assert "Not simulated" in said[real]


def test_population__real_and_simulated__are_counted_apart(simulated: list[UUID], real: UUID) -> None:
    assert population() == Population(len(simulated), 1, COUNT, COUNT)


def test_erasing__a_simulated_visitor__leaves_no_id_and_keeps_the_history_done(simulated: list[UUID]) -> None:
    visitor_id = simulated[0]
    (store,) = [store for store in stores.registered() if store.name == "simulated_visitors"]
    assert [row.keys() for row in store.export(visitor_id)] == [{"number", "intent"}]
    stores.erase_everywhere(visitor_id, withdrawn=3, remaining=0)
    assert store.export(visitor_id) == []
    assert not SimulatedVisitor.objects.filter(visitor_id=visitor_id).exists()
    assert not SimulatedVisitor.objects.filter(visitor_id=None).exclude(cookies={}).exists()
    assert SimulatedVisitor.objects.filter(finished_at__isnull=False).count() == COUNT


def test_expiring__visitors_who_are_gone__are_forgotten(simulated: list[UUID]) -> None:
    StoredEvent.objects.filter(visitor_id=simulated[0]).delete()
    Visitor.objects.filter(pk=simulated[0]).delete()
    (store,) = [store for store in stores.registered() if store.name == "simulated_visitors"]
    assert store.expire(timezone.now()) == 1
    assert simulated_as(simulated[0]) is None
    assert simulated_as(simulated[1]) is not None


def test_packages__all_files__know_of_no_simulator() -> None:
    packaged = [path for path in project_files("") if path.parts[0] in set(PACKAGES) - {"config"}]
    assert packaged
    assert [path for path in packaged if b"simulat" in (PROJECT / path).read_bytes().lower()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "said"), [("/", "visitors are invented, too"), ("/de/", "die Besucher erfunden")])
def test_shop__foot_of_each_page__says_that_visitors_are_invented(
    shop: None, client: Client, path: str, said: str
) -> None:
    assert said in client.get(path).content.decode()
