"""Everything about a block of a page, for its page in the admin: what is wrong, who sees what, when, how it is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cms.models import CMSPlugin, PageContent
from cms.utils.i18n import get_fallback_languages
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.text import capfirst

from personalization.content.advising.audiences import Audience, audiences_of
from personalization.content.advising.findings import findings_elsewhere, published_facts
from personalization.content.advising.lint import BlockFacts, Finding
from personalization.content.advising.timeline import Timeline, timeline_of
from personalization.content.languages import site_languages
from personalization.content.mixins import Scheduled
from personalization.content.models import FailingElsewhere
from personalization.content.revising.words import in_words
from personalization.djangocms.contents import contents_in
from personalization.djangocms.editing import Tab, tabs_of
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.djangocms.published import as_stored
from personalization.djangocms.versions import VERSIONING

TOLD_ELSEWHERE: Final = frozenset({"name", "audience_kind"})


@dataclass(frozen=True, slots=True)
class About:
    """A block of a version of a page."""

    findings: list[Finding]
    failing: list[tuple[str, FailingElsewhere]]
    """The variants that were switched off after errors, by their names."""
    timeline: Timeline | None
    audiences: list[Audience]
    variants: list[tuple[Tab, list[tuple[str, str]]]]
    """In their order, each with how it is set."""
    set_up: list[tuple[str, str]]
    """How the block is set."""


def about(block: PersonalizedBlock, user: AbstractBaseUser | AnonymousUser, *, now: datetime) -> About:
    """Look at a block in its version of its page."""
    variants = list(Variant.objects.filter(parent=block).prefetch_related("segments").order_by("position", "pk"))
    names = {str(variant.uuid): variant.name for variant in variants}
    rows = FailingElsewhere.objects.filter(uuid__in=names, broken_at__isnull=False)
    failing = {str(row.uuid): row for row in rows}
    facts = _facts(block, {uuid: row.why_failing or "?" for uuid, row in failing.items()})
    found = findings_elsewhere(
        facts,
        variants,
        now=now,
        block=PersonalizedBlock.objects.filter(pk=block.pk),
        languages=list(languages_of(block)),
    )
    return About(
        findings=found,
        failing=[(names[uuid], row) for uuid, row in failing.items()],
        timeline=timeline_of(facts.variants, now=now),
        audiences=audiences_of(facts, now=now),
        variants=[(tab, list(settings_of(tab.plugin))) for tab in tabs_of(variants, user, now=now)],
        set_up=list(settings_of(block)),
    )


def settings_of(plugin: CMSPlugin) -> Iterator[tuple[str, str]]:
    """What is not as it is when nobody says anything, in the words of its form."""
    zone = plugin.zone if isinstance(plugin, Scheduled) else ZoneInfo(settings.TIME_ZONE)
    for field in plugin._meta.concrete_fields:
        if field.model is CMSPlugin or field.primary_key or not field.editable or field.name in TOLD_ELSEWHERE:
            continue
        value = field.value_from_object(plugin)
        is_part = field.name == "cap_within" and getattr(plugin, "cap_times", None)
        if is_part or field.name == "pick" or (value != field.get_default() and field.name != "cap_within"):
            yield capfirst(str(field.verbose_name)), in_words(field, value, zone=zone)


def languages_of(block: PersonalizedBlock) -> Iterator[tuple[str, str]]:
    """The languages in which visitors may see this version: its own, and those that fall back to it."""
    content = block.placeholder.source
    own = set(content.page.get_languages()) if isinstance(content, PageContent) else set()
    for code, name in site_languages():
        if code == block.language:
            yield code, name
        elif own and code not in own:
            chain = get_fallback_languages(code, content.page.site_id)
            if next((one for one in chain if one in own), "") == block.language:
                yield code, name


def versions_url(block: PersonalizedBlock) -> str:
    """The versions of what it stands in; empty, where there are none."""
    if not apps.is_installed(VERSIONING) or block.placeholder.source is None:
        return ""
    from djangocms_versioning.helpers import version_list_url

    return str(version_list_url(block.placeholder.source) or "")


def _facts(block: PersonalizedBlock, failures: Mapping[str, str]) -> BlockFacts:
    return published_facts(as_stored(block), contents_in(block), failures)
