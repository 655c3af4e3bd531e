"""Pages as the tests of the plugins need them: made, filled, published and visited."""

from __future__ import annotations

from typing import Any

from cms.api import add_plugin, create_page
from cms.models import CMSPlugin, PageContent, Placeholder
from django.contrib.auth.models import User
from djangocms_versioning.constants import DRAFT
from djangocms_versioning.models import Version

from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.segments.models import Segment


def editor() -> User:
    """The one who makes the pages."""
    user, _ = User.objects.get_or_create(username="eva", defaults={"is_staff": True, "is_superuser": True})
    return user


def make_page(title: str = "Home", language: str = "en", template: str = "page.html") -> PageContent:
    """A page's first draft."""
    page = create_page(title, template, language, created_by=editor())
    return PageContent.admin_manager.get(page=page, language=language)


def slot(content: PageContent, name: str = "content") -> Placeholder:
    """One of a page's placeholders."""
    placeholder, _ = content.placeholders.get_or_create(slot=name)
    return placeholder


def put(placeholder: Placeholder, plugin: str, parent: Any = None, language: str = "en", **fields: Any) -> Any:
    """Put a plugin into a page."""
    return add_plugin(placeholder, plugin, language, target=parent, **fields)


def put_text(parent: CMSPlugin, text: str) -> Any:
    """Put a text into a plugin."""
    return put(parent.placeholder, "TextPlugin", parent, parent.language, body=f"<p>{text}</p>")


def put_block(placeholder: Placeholder, name: str = "Hero", parent: Any = None, **fields: Any) -> PersonalizedBlock:
    """Put a block into a page."""
    language = fields.pop("language", "en")
    block: PersonalizedBlock = put(placeholder, "PersonalizedBlockPlugin", parent, language, name=name, **fields)
    return block


def put_variant(block: PersonalizedBlock, text: str = "", *segments: Segment, **fields: Any) -> Variant:
    """Put a variant with a text into a block: for these segments, or for whom the fields say."""
    fields = {"name": text, "audience_kind": "segments" if segments else "everybody"} | fields
    variant: Variant = put(block.placeholder, "PersonalizedVariantPlugin", block, block.language, **fields)
    variant.segments.set(segments)
    if text:
        put_text(variant, text)
    return variant


def put_default(block: PersonalizedBlock, text: str) -> Variant:
    """Put what everyone else sees into a block."""
    return put_variant(block, text, audience_kind="others")


def version_of(content: PageContent) -> Version:
    """The version that a page's content is."""
    version: Version = Version.objects.get_for_content(content)
    return version


def publish(content: PageContent) -> PageContent:
    """Publish a draft."""
    version_of(content).publish(editor())
    return content


def next_draft(content: PageContent) -> PageContent:
    """The draft that an editor goes on with."""
    version = version_of(content).copy(editor())
    assert version.state == DRAFT
    draft: PageContent = version.content
    return draft
