"""The demo's admin: in the order in which editors need it, in the shop's colors."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin import site
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from config.back_office.site import LAST


def test_index__for_everything__begins_with_the_start_page_and_ends_with_the_machine(admin_client: Client) -> None:
    page = admin_client.get("/admin/")
    apps = page.context["app_list"]
    labels = [app["app_label"] for app in apps]
    assert labels[:4] == ["attune", "attune_analysts", "attune_operators", "demo_site"]
    assert apps[0]["models"][0]["admin_url"] == reverse("admin:attune_content_start")
    assert labels[4 - len(labels) :][-3:] == ["demo_simulator", *(label for label in LAST if label in labels)]
    assert "<h1>Behind the counter</h1>" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/attune_segments/segment/"])
def test_pages__in_the_admin__have_the_shops_colors(admin_client: Client, path: str) -> None:
    page = admin_client.get(path, follow=True).content.decode()
    (sheet,) = re.findall(r'href="/static/(site/back-office[^"]*\.css)"', page)
    assert finders.find(sheet)


def test_lists__of_our_models__are_called_by_what_they_list(admin_client: Client) -> None:
    for model, page in site._registry.items():
        if model._meta.app_label.startswith(("attune_", "demo_")):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            title = admin_client.get(address, follow=True).context["title"]
            assert not str(title).startswith("Select "), page
