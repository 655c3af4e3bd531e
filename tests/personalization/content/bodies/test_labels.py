"""Personal fields in labels of calls to action: filled in as text, private, and held to what may be shown."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from personalization.content import services
from personalization.content.bodies.labels import mistakes_in
from personalization.content.models import CallToAction
from personalization.content.published import published
from personalization.content.serving.asking import asked_of
from personalization.content.serving.rendering import render_cta
from personalization.profiles.services import set_traits
from tests.personalization.content.visitors import judged, request_of
from tests.tracking.samples import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LABEL = 'Go on & read, {{ visitor.first_name|default:"you" }}'


def _cta(label: str = LABEL) -> None:
    CallToAction.objects.create(key="go-on", name="Go on", label=label, url="/on/")


def _called(name: str) -> UUID:
    visitor = judged(uuid4())
    set_traits(visitor, {"first_name": name}, source="account", now=NOW)
    return visitor


@pytest.mark.parametrize("name", ["Ada <3", "&lt;b&gt;", "<script>"])
def test_label__for_somebody_who_is_known__says_so_as_text_on_a_page_that_is_theirs_alone(name: str) -> None:
    _cta()
    request = request_of(_called(name))
    shown = render_cta(request, "go-on")
    assert f">Go on &amp; read, {name.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}<" in shown
    assert asked_of(request).is_private


def test_label__for_somebody_else__says_what_stands_behind_default(settings: Settings) -> None:
    _cta()
    assert ">Go on &amp; read, you<" in render_cta(request_of(), "go-on")
    settings.PERSONALIZATION_PERSONAL_FIELDS = []
    assert ">Go on &amp; read, you<" in render_cta(request_of(_called("Ada")), "go-on")


def test_label__without_a_field__leaves_the_page_to_be_kept() -> None:
    _cta("Go on {{ as it is")
    request = request_of(_called("Ada"))
    assert "Go on {{ as it is" in render_cta(request, "go-on")
    assert not asked_of(request).is_private


def test_label__while_nothing_can_be_read__says_what_stands_behind_default(monkeypatch: pytest.MonkeyPatch) -> None:
    _cta()
    render_cta(request_of(), "go-on")
    assert published.latest is not None

    def fail(*args: object) -> None:
        raise RuntimeError("Nothing can be read.")

    monkeypatch.setattr(services, "_call_to_action", fail)
    assert ">Go on &amp; read, you<" in render_cta(request_of(_called("Ada")), "go-on")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("{{ user.email }}", "begins with “visitor.”"),
        ("Hello {{ visitor.first_name }}", "say what those read of whom it is not known"),
        ('Hello {{ visitor.salary|default:"you" }}', "texts may not show this"),
        ('{{ visitor.first_name|default:"" }}', "Say something to those of whom it is not known, too."),
        ("{% now %}", "stands for personal fields"),
    ],
)
def test_label__with_what_is_no_field__is_refused(label: str, said: str) -> None:
    assert said in " ".join(str(one.message) for one in mistakes_in(label))


def test_admin__label_with_a_field__is_saved_and_one_with_a_mistake_is_not(admin_client: Client) -> None:
    def post(label: str, exception: str) -> str:
        form = {"name": "Go on", "key": "go-on", "label": label, "url": "/on/", "style": "primary"}
        form |= {"overrides-TOTAL_FORMS": "1", "overrides-INITIAL_FORMS": "0", "overrides-0-order": "1"}
        form |= {"overrides-0-label": exception, "overrides-0-rule": '{"request": "device", "is": "mobile"}'}
        return admin_client.post(reverse("admin:attune_content_calltoaction_add"), form).content.decode()

    assert "begins with “visitor.”" in post("{{ name }}", "Go")
    assert "begins with “visitor.”" in post(LABEL, "{{ name }}")
    assert not post(LABEL, LABEL)
