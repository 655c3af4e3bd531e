"""Where pages use a segment, drafts and older versions included: they may be published again."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from personalization.content.aiming import OF_SEGMENTS
from personalization.djangocms.models import IfSegment, Variant
from personalization.rules import InvalidRule, Rule
from personalization.segments.usages import Usage


def segment_usages(slug: str) -> Iterable[Usage]:
    """Every page with a variant or a part that a segment decides about."""
    chosen = Variant.objects.filter(segments__slug=slug, audience_kind__in=OF_SEGMENTS)
    with_rules = Variant.objects.filter(audience_kind=Variant.Audience.RULE, rule__isnull=False)
    naming = [variant for variant in with_rules.select_related("placeholder") if slug in _segments_of(variant.rule)]
    for plugins in (chosen.select_related("placeholder"), naming):
        yield from _usages(plugins)
    yield from _usages(IfSegment.objects.filter(segment__slug=slug).select_related("placeholder"))


def _usages(plugins: Iterable[Any]) -> Iterator[Usage]:
    for plugin in plugins:
        source = plugin.placeholder.source
        if source is None:
            yield Usage(_("Clipboard of a page’s editor"))
        else:
            yield Usage(_("Page “%(name)s”") % {"name": source})


def _segments_of(rule: Any) -> frozenset[str]:
    try:
        return frozenset(Rule.parse(rule).segments)
    except InvalidRule:
        return frozenset()
