"""Every change of what visitors may see moves the published configuration's version, in the same transaction."""

from typing import Any, Final

from cms.cache import invalidate_cms_page_cache
from cms.models import PageContent, Placeholder
from cms.operations import CUT_PLUGIN, MOVE_PLUGIN
from cms.signals import post_placeholder_operation
from django.apps import apps
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from personalization.content.models import Picture
from personalization.djangocms.failing import try_again_in
from personalization.djangocms.four_eyes import note_change
from personalization.djangocms.models import BodyPlugin, PersonalizedBlock, Variant
from personalization.djangocms.versions import VERSIONING, is_hidden, visible
from personalization.profiles.services import publish

_DECIDED: tuple[type[Model], ...] = (PersonalizedBlock, Variant)
_SEGMENTS_CHANGED: Final = frozenset({"post_add", "post_remove", "post_clear"})
_UID: Final = "attune_djangocms.publish"


def publish_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """After a save: a draft is nobody's business."""
    if visible(sender._default_manager.filter(pk=instance.pk)).exists():
        publish()


def publish_deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """After a deletion, unless it was a draft's."""
    if not is_hidden(instance.placeholder_id):
        publish()


def publish_segments_change(sender: object, instance: Any, action: str, **kwargs: Any) -> None:
    """After a variant was given other segments."""
    if action in _SEGMENTS_CHANGED and isinstance(instance, Variant):
        publish_saved(Variant, instance)


def publish_move(sender: object, operation: str, **kwargs: Any) -> None:
    """After an editor moved something or cut it out: the CMS then writes past the models' signals."""
    if operation in (MOVE_PLUGIN, CUT_PLUGIN) and not all(
        is_hidden(placeholder.pk) for placeholder in kwargs.values() if isinstance(placeholder, Placeholder)
    ):
        publish()


def publish_version(sender: object, operation: str, obj: Any = None, **kwargs: Any) -> None:
    """After a version was published or taken back."""
    from djangocms_versioning import constants

    if operation == constants.OPERATION_PUBLISH:
        try_again_in(obj.content)
    if operation in (constants.OPERATION_PUBLISH, constants.OPERATION_UNPUBLISH):
        publish()
        if not isinstance(obj.content, PageContent):
            invalidate_cms_page_cache()  # of an alias in a template the CMS does not know which pages show it


def show_changed_picture(sender: object, instance: Picture, **kwargs: Any) -> None:
    """After a picture changed: pages that the CMS keeps still name its old files, which go."""
    for plugin in visible(BodyPlugin.objects.filter(picture=instance)).select_related("placeholder"):
        plugin.placeholder.clear_cache(plugin.language)


def connect() -> None:
    """Listen; called once the app is ready."""
    for model in _DECIDED:
        post_save.connect(publish_saved, sender=model, dispatch_uid=f"{_UID}.{model.__name__}.save")
        post_delete.connect(publish_deleted, sender=model, dispatch_uid=f"{_UID}.{model.__name__}.delete")
    post_save.connect(show_changed_picture, sender=Picture, dispatch_uid=f"{_UID}.picture")
    m2m_changed.connect(publish_segments_change, sender=Variant.segments.through, dispatch_uid=f"{_UID}.segments")
    post_placeholder_operation.connect(publish_move, dispatch_uid=f"{_UID}.move")
    post_placeholder_operation.connect(note_change, dispatch_uid=f"{_UID}.last_change")
    if apps.is_installed(VERSIONING):
        from djangocms_versioning.signals import post_version_operation

        post_version_operation.connect(publish_version, dispatch_uid=f"{_UID}.version")
