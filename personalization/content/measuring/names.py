"""The names of blocks and variants for a visitor's page in the admin, where events hold their keys and ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from personalization.content.models import Block, Variant
from personalization.content.serving.rendering import DEFAULT_VARIANT
from tracking.admin_panels import register_names


def block_names(keys: Collection[str]) -> Mapping[str, str]:
    """The blocks with these keys, by their names."""
    return {block.key: f"“{block.name}”" for block in Block.objects.filter(key__in=keys)}


def variant_names(ids: Collection[str]) -> Mapping[str, str]:
    """The variants with these ids, by their names; for the default, who sees it. Senders make up what they like."""
    uuids = [known for one in ids if (known := _uuid(one))]
    names = {str(variant.uuid): f"“{variant.name}”" for variant in Variant.objects.filter(uuid__in=uuids)}
    return {**names, DEFAULT_VARIANT: _("what everyone else sees")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def register() -> None:
    """Give both to the visitor's page; called once the app is ready."""
    register_names("block", block_names)
    register_names("variant", variant_names)
