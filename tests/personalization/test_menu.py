"""The menu of the admin: its groups, what stands in each for whom, and which page is marked."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from personalization.menu import PersonalizationMenu
from tests.personalization.content.admin.test_start import PAGE, staff

pytestmark = pytest.mark.django_db


def test_menu__on_the_start_page__marks_it_alone(admin_client: Client) -> None:
    page = admin_client.get(PAGE).content.decode()
    assert re.findall(r'<a href="([^"]*)" aria-current="page"', page) == [PAGE]
    assert "/admin/attune_content/block/?" in page


class Site(PersonalizationMenu, AdminSite):
    pass


def menu(client: Client) -> list[tuple[str, list[str]]]:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    from django.contrib.admin import site

    mine = Site("admin")
    mine._registry = site._registry
    return [(app["app_label"], [str(model["name"]) for model in app["models"]]) for app in mine.get_app_list(request)]


def test_menu__of_a_superuser__has_three_groups_before_all_others(admin_client: Client) -> None:
    (editors, analysts, operators, *others) = menu(admin_client)
    assert editors[0] == "attune"
    assert editors[1][:4] == ["Start page", "Blocks", "Calls to action", "Campaigns"]
    assert analysts[1][0] == "Results"
    assert "What we measure" in analysts[1]
    assert operators[1][:2] == ["Pages in the cache", "Refused events"]
    assert not any(label.startswith("attune") for label, _models in others)


def test_menu__of_somebody_with_few_rights__has_what_they_may_see() -> None:
    assert menu(staff("view_visitor"))[0] == ("attune_analysts", ["Visitors"])


def test_menu__links__lead_somewhere(admin_client: Client) -> None:
    apps = admin_client.get(reverse("admin:index")).context["app_list"]
    for page in {app["app_url"] for app in apps} | {model["admin_url"] for model in apps[1]["models"]}:
        assert admin_client.get(page, follow=True).status_code == 200
    assert admin_client.get("/admin/attune_content/").status_code == 200
    assert PAGE in admin_client.get("/admin/attune_content/").content.decode()
