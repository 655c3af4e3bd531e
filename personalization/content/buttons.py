"""Compiles calls to action: what they say, where they lead in each language, and from which score on they change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from personalization.content.deciding.calls import Emphasis, Look, PublishedCallToAction, PublishedOverride
from personalization.content.models import CallToAction, CallToActionOverride
from personalization.content.targets import addresses_of, with_parameters


def compile_cta(cta: CallToAction, overrides: Iterable[CallToActionOverride]) -> PublishedCallToAction:
    """A call to action as decisions ask it. What is stored is held to safe links again."""
    look = _look(cta, cta.label, cta.url, cta.style)
    compiled = []
    for override in overrides:
        theirs = _look(cta, override.label or look.label, override.url, override.style or look.style)
        if not theirs.url:
            theirs = replace(theirs, url=look.url, urls=look.urls)
        compiled.append(PublishedOverride(theirs, segment=_who(override), languages=frozenset(override.languages)))
    emphasis = Emphasis(simple_below=cta.simple_below, prominent_from=cta.prominent_from)
    return PublishedCallToAction(cta.key, look, tuple(compiled), emphasis)


def _who(override: CallToActionOverride) -> str | None:
    if override.rule is not None:
        return override.verdict_key
    return override.segment.slug if override.segment else None


def _look(cta: CallToAction, label: str, link: str, style: str) -> Look:
    parameters = {
        "utm_source": cta.utm_source,
        "utm_medium": cta.utm_medium,
        "utm_campaign": cta.utm_campaign,
    }
    addresses = {language: with_parameters(one, parameters) for language, one in addresses_of(link).items()}
    usual = addresses.pop("", "")
    return Look(label, usual, style, tuple(sorted(addresses.items())), new_tab=cta.new_tab)
