"""Every change of what editors configure moves the published configuration's version, in the same transaction."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from personalization.content.mixins import Resting
from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    CodeStock,
    FailingElsewhere,
    OverallLimit,
    PausedElsewhere,
    PausedEverything,
    Picture,
    Variant,
)
from personalization.content.pictures.files import remove_all_later, remove_forgotten_later
from personalization.content.revising.revisions import Revision
from personalization.profiles.services import publish
from personalization.segments.updating import update_soon
from tracking.models import Goal

_PUBLISHED: tuple[type[Model], ...] = (
    PausedEverything,
    OverallLimit,
    PausedElsewhere,
    FailingElsewhere,
    Campaign,
    Block,
    BlockGroup,
    BlockGroupPlace,
    Variant,
    CallToAction,
    CallToActionOverride,
    Picture,
    CodeStock,
)
_SEGMENTS_CHANGED = frozenset({"post_add", "post_remove", "post_clear"})


def publish_change(sender: object, **kwargs: Any) -> None:
    """After a save or a deletion, cascades included. Loading a fixture publishes, too."""
    publish()


def publish_segments_change(sender: object, action: str, **kwargs: Any) -> None:
    """After a variant was given other segments."""
    if action in _SEGMENTS_CHANGED:
        publish()


def publish_goal_change(sender: object, instance: Goal, **kwargs: Any) -> None:
    """After a goal was saved that something rests after, here or in pages: its rule is another one for everybody."""
    resting = [model for model in apps.get_models() if issubclass(model, Resting)]
    if any(model._default_manager.filter(rest_goal=instance).exists() for model in resting):
        publish()
        transaction.on_commit(update_soon, robust=True)


def connect() -> None:
    """Listen; called once the app is ready."""
    for model in _PUBLISHED:
        uid = f"attune_content.publish.{model.__name__}"
        post_save.connect(publish_change, sender=model, dispatch_uid=f"{uid}.save")
        post_delete.connect(publish_change, sender=model, dispatch_uid=f"{uid}.delete")
    post_save.connect(publish_goal_change, sender=Goal, dispatch_uid="attune_content.publish.Goal.save")
    post_delete.connect(remove_all_later, sender=Picture, dispatch_uid="attune_content.picture_files")
    post_delete.connect(remove_forgotten_later, sender=Revision, dispatch_uid="attune_content.forgotten_files")
    m2m_changed.connect(
        publish_segments_change, sender=Variant.segments.through, dispatch_uid="attune_content.publish.segments"
    )
