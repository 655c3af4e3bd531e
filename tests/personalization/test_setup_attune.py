"""setup_attune: makes what is missing, may be run again, and says what is left to do."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from pytest_django import Settings

from personalization.content.models import Block
from personalization.management.commands.setup_attune import GROUPS
from personalization.schedule import SCHEDULE
from tests.personalization.content.visitors import segment
from tracking.models import Goal

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.urls")]


def _run() -> str:
    out = StringIO()
    call_command("setup_attune", stdout=out, no_color=True)
    return out.getvalue()


def test_setup_attune__fresh_site__makes_the_groups_with_their_permissions() -> None:
    assert "Made the group “Attune: editors”." in _run()
    names = {
        group.name: {
            f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename")
        }
        for group in Group.objects.all()
    }
    assert "attune_content.change_block" in names["Attune: editors"]
    assert "attune_segments.recompute_segment" in names["Attune: editors"]
    assert "attune_tracking.change_eventtype" in names["Attune: editors"]
    assert "attune_tracking.view_visitor" not in names["Attune: editors"]
    assert "attune_tracking.view_visitor" in names["Attune: analysts"]
    assert "attune_tracking.identify_visitor" not in names["Attune: analysts"]
    assert names["Attune: analysts"] < names["Attune: privacy officers"]


def test_setup_attune__every_permission_of_the_groups__exists() -> None:
    _run()
    for name, wanted in GROUPS.items():
        here = {permission for permission in wanted if not permission.startswith("attune_djangocms.")}
        assert Group.objects.get(name=name).permissions.count() == len(here)


def test_setup_attune__former_group__is_renamed_and_keeps_its_members() -> None:
    former = Group.objects.create(name="Attune: visitors")
    member = User.objects.create_user("anna")
    member.groups.add(former)
    own = Permission.objects.get(codename="view_session")
    former.permissions.add(own)
    assert "Renamed the group “Attune: visitors” to “Attune: analysts”" in _run()
    assert [group.name for group in member.groups.all()] == ["Attune: analysts"]
    assert own in former.permissions.all()
    assert not Group.objects.filter(name="Attune: visitors").exists()
    assert "Renamed" not in _run()


def test_setup_attune__run_again__changes_nothing() -> None:
    _run()
    before = sorted(Group.permissions.through.objects.values_list("group_id", "permission_id"))
    assert "Everything was there already." in _run()
    assert sorted(Group.permissions.through.objects.values_list("group_id", "permission_id")) == before


def test_setup_attune__permission_taken_away__is_given_back_and_others_stay() -> None:
    _run()
    group = Group.objects.get(name="Attune: editors")
    group.permissions.remove(group.permissions.get(codename="add_block"))
    assert "1 more permission" in _run()
    assert group.permissions.filter(codename="add_block").exists()


def test_setup_attune__something_wrong__is_left_to_do(settings: Settings) -> None:
    assert "personalization.E001" not in _run()
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "EdgeMiddleware" not in name]
    output = _run()
    assert "Left to do:" in output
    assert "(personalization.E001)" in output


def test_setup_attune__new_site__names_the_next_steps_until_they_are_done(settings: Settings) -> None:
    settings.CELERY_BEAT_SCHEDULE = {}
    output = _run()
    for step in ("personalization.schedule.SCHEDULE", "Create a segment", "{% attune_head %}"):
        assert step in output
    settings.CELERY_BEAT_SCHEDULE = SCHEDULE
    segment("fans")
    Block.objects.create(key="hero", name="Hero")
    assert "Nothing is left to do." in _run()


def test_setup_attune__goals__are_made_where_none_is_about_the_event() -> None:
    Goal.objects.create(name="Large order", event="purchase")
    output = _run()
    assert "Made the goal “Sign-up”." in output
    assert sorted(Goal.objects.values_list("event", flat=True)) == ["generate_lead", "purchase", "sign_up"]
