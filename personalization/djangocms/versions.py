"""Versions of pages, if there are any: which plugins visitors may see, and which copies are of the same page."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import uuid4

from cms.models import PageContent, Placeholder
from cms.models.settingmodels import UserSettings
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, Value, When

Plugin = TypeVar("Plugin", bound=Model)

VERSIONING = "djangocms_versioning"


def visible(plugins: QuerySet[Plugin]) -> QuerySet[Plugin]:
    """Those of published versions, and of content that has none; in a clipboard nobody sees them."""
    return plugins.filter(_is_visible("placeholder__"))


def visible_or_drafted(plugins: QuerySet[Plugin]) -> QuerySet[Any]:
    """The same with those of drafts; each says with `is_visible` which of the two it is."""
    shown = _is_visible("placeholder__")
    found = plugins.filter(shown | _is_visible("placeholder__", as_draft=True))
    return found.annotate(is_visible=Case(When(shown, then=Value(True)), default=Value(False)))


def is_hidden(placeholder_id: int | None) -> bool:
    """Whether visitors cannot see what is in this placeholder; what is gone was perhaps seen."""
    placeholders = Placeholder.objects.filter(pk=placeholder_id)
    return placeholders.exists() and not placeholders.filter(_is_visible("")).exists()


def is_in_clipboard(placeholder: Placeholder | None) -> bool:
    """Whether an editor has it at hand, to put it in elsewhere."""
    return placeholder is not None and placeholder.content_type_id == _clipboards().pk


def is_in_page(plugin: Any) -> bool:
    """Whether it stands in a page itself, and not in what pages show, such as an alias."""
    return bool(plugin.placeholder.content_type_id == ContentType.objects.get_for_model(PageContent).pk)


def is_next_version(copy: Placeholder | None, original: Placeholder | None) -> bool:
    """Whether one placeholder belongs to another version of the same content in the same language."""
    if copy is None or original is None or not apps.is_installed(VERSIONING):
        return False
    ours, theirs = copy.source, original.source
    if ours is None or type(ours) is not type(theirs) or ours.pk == theirs.pk or type(ours) not in _versioned_models():
        return False
    from djangocms_versioning.versionables import for_content

    versionable: Any = for_content(ours)
    names = [versionable.grouper_field_name, *versionable.extra_grouping_fields]
    return all(getattr(ours, name) == getattr(theirs, name) for name in names)


def rename_copy(copy: Any, original: Any) -> None:
    """Give a copy a name of its own (`uuid`), so that what visitors do with it is counted apart.

    What was cut out and is put in again is no copy, as long as its name is nowhere but in versions of the same page.
    """
    if is_next_version(copy.placeholder, original.placeholder):
        return
    others = type(copy).objects.filter(uuid=copy.uuid).exclude(pk__in=[copy.pk, original.pk])
    if not is_in_clipboard(original.placeholder) or not all(
        is_next_version(copy.placeholder, other.placeholder) for other in others.select_related("placeholder")
    ):
        copy.uuid = uuid4()
        copy.save(update_fields=["uuid"])


def _is_visible(place: str, *, as_draft: bool = False) -> Q:
    has_source = Q(**{f"{place}content_type__isnull": False}) & ~Q(**{f"{place}content_type": _clipboards()})
    if not apps.is_installed(VERSIONING):
        return has_source
    from djangocms_versioning.constants import DRAFT, PUBLISHED
    from djangocms_versioning.models import Version

    state = DRAFT if as_draft else PUBLISHED
    versions = Version.objects.filter(
        state=state, content_type=OuterRef(f"{place}content_type"), object_id=OuterRef(f"{place}object_id")
    )
    versioned = [content_type.pk for content_type in ContentType.objects.get_for_models(*_versioned_models()).values()]
    return has_source & (~Q(**{f"{place}content_type__in": versioned}) | Q(Exists(versions)))


def _clipboards() -> ContentType:
    return ContentType.objects.get_for_model(UserSettings)


def _versioned_models() -> list[type[Model]]:
    extension: Any = apps.get_app_config(VERSIONING).cms_extension  # type: ignore[attr-defined]  # set by the CMS
    return list(extension.versionables_by_content)
