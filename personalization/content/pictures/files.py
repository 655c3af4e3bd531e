"""The files of pictures beside those that were uploaded: smaller versions are kept with them, and go with them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Model, Q

from personalization.content.pictures.shrinking import smaller_versions

if TYPE_CHECKING:
    from personalization.content.pictures.models import Picture

logger = logging.getLogger("personalization.content")

IMAGE, NARROW = "image", "narrow"
FILES: Final = ((IMAGE, ""), (NARROW, "narrow_"))
"""The fields with files, each with what the fields of its width and height begin with."""


def keep_smaller(data: bytes, *, name: str, storage: Storage) -> list[list[Any]]:
    """Keep smaller versions beside the file of this name: the name, width and height of each, in ascending widths.

    A picture that cannot be made smaller is shown as it is.
    """
    try:
        versions = smaller_versions(data)
    except Exception:  # whatever a decoder makes of what stands in a file
        logger.warning("No smaller versions of the picture %r could be made.", name, exc_info=True)
        return []
    stem = PurePosixPath(name).with_suffix("")
    return [
        [storage.save(f"{stem}-{one.width}.{one.extension}", ContentFile(one.data)), one.width, one.height]
        for one in versions
    ]


def files_of(picture: Picture) -> set[tuple[str, str]]:
    """All its files: the field they belong to, and the name."""
    uploaded = {(field, str(getattr(picture, field).name)) for field, _size in FILES if getattr(picture, field)}
    return uploaded | {(field, str(name)) for field, kept in picture.smaller.items() for name, _width, _height in kept}


def files_in(content: dict[str, Any]) -> set[tuple[str, str]]:
    """All files that a revision of a picture names, in the same way."""
    kept = content["picture"]
    uploaded = {(field, str(kept[field])) for field, _size in FILES if kept.get(field)}
    smaller = kept.get("smaller", {}).items()
    return uploaded | {(field, str(name)) for field, versions in smaller for name, _width, _height in versions}


def remove_later(model: type[Picture], files: Iterable[tuple[str, str]]) -> None:
    """Remove these files once what is written now is committed, as far as no picture has them then, and no history."""
    if files := list(files):
        transaction.on_commit(partial(_remove, model, files), robust=True)


def remove_all_later(sender: type[Picture], instance: Picture, **kwargs: object) -> None:
    """After a picture was deleted."""
    remove_later(sender, files_of(instance))


def remove_forgotten_later(sender: type[Model], instance: Any, **kwargs: object) -> None:
    """After a revision was deleted, with its picture or because there were many after it."""
    if instance.picture_id is not None:
        remove_later(apps.get_model("attune_content", "Picture"), files_in(instance.content))


def _remove(model: type[Picture], files: list[tuple[str, str]]) -> None:
    names = [name for _field, name in files]
    used: set[tuple[str, str]] = set()
    for picture in model._default_manager.filter(Q(image__in=names) | Q(narrow__in=names)):
        used |= files_of(picture)
    revisions = apps.get_model("attune_content", "Revision")._default_manager.filter(picture__isnull=False)
    for content in revisions.filter(
        Q(content__picture__image__in=names) | Q(content__picture__narrow__in=names)
    ).values_list("content", flat=True):
        used |= files_in(content)
    kept = {name for _field, name in used}
    for field, name in files:
        if name in kept:
            continue
        try:
            model._meta.get_field(field).storage.delete(name)  # type: ignore[union-attr]  # a field with files
        except Exception:  # whatever the storage raises
            logger.warning("The file %r of a picture that is gone could not be removed.", name, exc_info=True)
