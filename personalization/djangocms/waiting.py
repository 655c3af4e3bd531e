"""Drafts of pages with something personalized in them, which wait until somebody publishes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms.models import PageContent
from cms.toolbar.utils import get_object_preview_url
from cms.utils.permissions import user_can_view_placeholder_source
from django.apps import apps
from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.utils.translation import gettext as _

from personalization.content.sources import Waiting
from personalization.djangocms.models import PersonalizedBlock
from personalization.djangocms.versions import VERSIONING


def drafts_waiting(user: Any) -> Iterator[Waiting]:
    """Those with blocks in them that this person may see; as many queries, however many there are."""
    if not apps.is_installed(VERSIONING):
        return
    from djangocms_versioning.constants import DRAFT
    from djangocms_versioning.models import Version

    blocks = PersonalizedBlock.objects.filter(
        placeholder__content_type=OuterRef("content_type"), placeholder__object_id=OuterRef("object_id")
    )
    versions = Version.objects.filter(Exists(blocks), state=DRAFT).select_related("created_by")
    found = [version for version in versions.prefetch_related("content") if version.content is not None]
    prefetch_related_objects([one.content for one in found if isinstance(one.content, PageContent)], "page")
    for version in found:
        content = version.content
        if user_can_view_placeholder_source(user, content):
            is_page = isinstance(content, PageContent)
            name = _("Page “%(name)s”") % {"name": content} if is_page else str(content)
            url = get_object_preview_url(content, language=getattr(content, "language", None))
            yield Waiting(name, version.created_by.get_username(), version.modified, url)
