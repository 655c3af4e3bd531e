"""Editors read plain words: pages of the admin hold to the house's list."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.once

# What experts say, and what editors read instead.
PLAIN = {
    r"traits?": "known about the visitor",
    r"audiences?": "who sees it",
    r"event types?": "what we measure",
    r"frequency caps?": "how often at most",
    r"static segments?": "fixed list",
    r"contextual": "decided at each visit, nothing stored",
    r"recomput\w+": "update now",
    r"deferred": "right after the page",
    r"revealed": "when they scroll, wait or leave",
    r"decay\w*": "old behavior counts less after",
    r"propensity": "likely to …",
    r"churn": "risk of not coming back",
    r"challengers?": "candidate",
    r"drift": "out of date",
    r"CTR": "clicks per 100 views",
    r"impressions?": "seen",
    r"circuit breakers?": "switched off after errors",
}
# Words that are plain in a sentence, but not as a label.
PLAIN_LABELS = {"default": "everyone else sees", "reason": "why shown", "key": "name in templates"}


class VisibleText(HTMLParser):
    """What a reader sees of a page, piece by piece: no scripts, styles or what fields hold."""

    HIDDEN = frozenset({"script", "style", "textarea", "template", "code", "pre"})

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self.HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self.HIDDEN

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.pieces.append(" ".join(data.split()))


def expert_words(html: str) -> list[str]:
    """The expert words that a page shows, each with its plain one."""
    reader = VisibleText()
    reader.feed(html)
    found = []
    for piece in reader.pieces:
        for word, plain in PLAIN.items():
            if re.search(rf"\b{word}\b", piece, re.IGNORECASE):
                found.append(f"{piece!r}: say {plain!r}")
        label = piece.rstrip(": ").casefold()
        if label in PLAIN_LABELS:
            found.append(f"{piece!r}: say {PLAIN_LABELS[label]!r}")
    return found


def own_admin() -> list[type[Model]]:
    return [model for model in admin.site._registry if model._meta.app_label.startswith("attune")]


def test_expert_words__a_page_with_some__are_found_with_the_plain_ones() -> None:
    assert expert_words("<th>Default:</th><p>by default</p><script>trait</script>") == [
        "'Default:': say 'everyone else sees'"
    ]
    assert expert_words("<p>Two traits</p>") == ["'Two traits': say 'known about the visitor'"]


@pytest.mark.django_db
@pytest.mark.parametrize("model", own_admin(), ids=lambda model: model._meta.label)
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_admin_pages__each_model__speak_plainly(client: Client, model: type[Model], page: str) -> None:
    client.force_login(User.objects.create_superuser("anna"))
    response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"))
    if page == "add" and response.status_code in {302, 403}:
        return  # nobody may add these by hand
    assert response.status_code == 200
    assert expert_words(response.content.decode()) == []


@pytest.mark.django_db
def test_admin_index__all_rooms__speaks_plainly(client: Client) -> None:
    client.force_login(User.objects.create_superuser("anna"))
    response = client.get(reverse("admin:index"))
    assert expert_words(response.content.decode()) == []
