"""Everything that an editor fills in has a name for who cannot see it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.db.models import Model
from django.test import Client

from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    Variant,
)

pytestmark = pytest.mark.django_db


class Inputs(HTMLParser):
    """The ids of what is to be filled in, and of what has a name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.asked: set[str] = set()
        self.named: set[str] = set()
        self._labels = 0
        self.feed(html.partition('id="content-main"')[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._labels += tag == "label"
        if tag == "label":
            self.named.add(said.get("for", ""))
        if tag in ("input", "select", "textarea") and said.get("type") not in ("hidden", "submit"):
            name = said.get("id", said.get("name", ""))
            self.asked.add(name)
            if said.get("aria-label") or self._labels:
                self.named.add(name)

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"


@pytest.mark.parametrize("model", [Block, CallToAction, Campaign, BlockGroup])
def test_form__of_each_kind__names_all_of_its_inputs(admin_client: Client, model: type[Model]) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="For walkers")
    cta = CallToAction.objects.create(key="cta", name="Button", label="Go")
    CallToActionOverride.objects.create(cta=cta, label="Go now")
    group = BlockGroup.objects.create(name="One of several")
    BlockGroupPlace.objects.create(group=group, block=block, order=10)
    Campaign.objects.create(name="Autumn")
    made = model._default_manager.get()
    for page in ("add", f"{made.pk}/change"):
        html = admin_client.get(f"/admin/attune_content/{model._meta.model_name}/{page}/").content.decode()
        inputs = Inputs(html)
        assert inputs.asked
        assert inputs.asked - inputs.named == set()
