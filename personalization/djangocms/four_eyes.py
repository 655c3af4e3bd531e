"""Pages where two people must look: whoever changed what is personalized in them last cannot publish it.

Drafts and publishing are those of djangocms-versioning; one more condition is added to its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms.models import CMSPlugin, Placeholder
from cms.plugin_pool import plugin_pool
from cms.utils.plugins import downcast_plugins
from django.apps import apps
from django.core.checks import Tags, register
from django.db import models
from django.utils.translation import gettext

from personalization.content.conf import conf
from personalization.djangocms.checks import check_pages
from personalization.djangocms.versions import VERSIONING, is_in_clipboard


class LastChange(models.Model):
    """Who changed a placeholder last, kept while two people must look."""

    placeholder = models.OneToOneField(Placeholder, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.placeholder}: {self.by}"


def note_change(sender: object, request: Any = None, **kwargs: Any) -> None:
    """After an editor added, changed, moved or deleted a plugin."""
    if not conf.PERSONALIZATION_FOUR_EYES or request is None:
        return
    for placeholder in kwargs.values():
        if isinstance(placeholder, Placeholder) and not is_in_clipboard(placeholder):
            LastChange._default_manager.update_or_create(
                placeholder=placeholder, defaults={"by": request.user.get_username()}
            )


def somebody_else_publishes(version: Any, user: Any) -> None:
    """The condition.

    Raises:
        ConditionFailed: with what to do.
    """
    from djangocms_versioning.exceptions import ConditionFailed

    if conf.PERSONALIZATION_FOUR_EYES and user.get_username() in _authors(version):
        raise ConditionFailed(
            gettext("You changed what is personalized in this version last, so somebody else must publish it.")
        )


def _authors(version: Any) -> set[str]:
    """Who changed the places last in which something personalized is not what is published; else who made the draft."""
    from djangocms_versioning.constants import PUBLISHED
    from djangocms_versioning.models import Version

    siblings = version.versionable.for_content_grouping_values(version.content).values_list("pk", flat=True)
    live = Version.objects.filter(state=PUBLISHED, content_type=version.content_type, object_id__in=siblings).first()
    before = {place.slot: personalized_in(place) for place in _places(live)} if live is not None else {}
    changed = [place for place in _places(version) if personalized_in(place) != before.get(place.slot, [])]
    known = dict(LastChange._default_manager.filter(placeholder__in=changed).values_list("placeholder_id", "by"))
    return {known.get(place.pk, version.created_by.get_username()) for place in changed}


def _places(version: Any) -> Iterator[Placeholder]:
    yield from Placeholder.objects.filter(content_type=version.content_type, object_id=version.object_id)


def personalized_in(place: Placeholder) -> list[Any]:
    """The plugins of ours in a placeholder with all that is in them, as far as editors decide it, in order."""
    from personalization.djangocms.cms_plugins import PersonalizedPlugin

    inside: dict[int, Any] = {}
    for plugin in place.get_plugins().order_by("language", "position"):
        kind = plugin_pool.plugins.get(plugin.plugin_type)
        if kind is None:
            continue  # its app is gone: nobody sees it, nor what is in it
        if issubclass(kind, PersonalizedPlugin) or plugin.parent_id in inside:
            inside[plugin.pk] = plugin
    order = {pk: number for number, pk in enumerate(inside)}
    found = sorted(downcast_plugins(list(inside.values())), key=lambda plugin: order[plugin.pk])
    return [(one.plugin_type, one.language, order.get(one.parent_id), _values(one)) for one in found]


def _values(plugin: models.Model) -> dict[str, str]:
    own = [field for field in plugin._meta.concrete_fields if field.model is not CMSPlugin and not field.primary_key]
    many = plugin._meta.many_to_many
    return {
        **{field.name: str(field.value_from_object(plugin)) for field in own},
        **{field.name: str(sorted(one.pk for one in field.value_from_object(plugin))) for field in many},
    }


def connect() -> None:
    """Add the condition and the check; called once the app is ready."""
    register(check_pages, Tags.security)
    if apps.is_installed(VERSIONING):
        from djangocms_versioning.models import Version

        if somebody_else_publishes not in Version.check_publish:
            Version.check_publish.append(somebody_else_publishes)
