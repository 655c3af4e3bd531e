"""What was found in templates and on pages, held against what is configured; and making a block of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from personalization.content.finding.missing import MissingName
from personalization.content.finding.template_names import BLOCK, CTA, Named, Place, Templates, read_templates
from personalization.content.keys import KEY_PATTERN
from personalization.content.models import Block, CallToAction

_KEY: Final = re.compile(KEY_PATTERN)


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that is used and not configured."""

    named: Named
    page: str = ""
    """A page that asked for it."""

    @property
    def suggested_name(self) -> str:
        """A name to begin with.

        >>> Missing(Named(BLOCK, "home-hero", ())).suggested_name
        'Home hero'
        """
        return self.named.key.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Unused:
    """What is configured, and named by no template that could be read."""

    kind: str
    key: str
    name: str
    pk: int


@dataclass(frozen=True, slots=True)
class Found:
    """Templates and pages against the configuration."""

    missing: tuple[Missing, ...]
    unused: tuple[Unused, ...]
    by_variable: tuple[Place, ...]
    unreadable: tuple[tuple[str, str], ...]


def found(templates: Templates | None = None) -> Found:
    """Hold what templates and pages name against what is configured: three queries."""
    templates = templates or read_templates()
    configured = {
        BLOCK: {block.key: (block.pk, block.name) for block in Block.objects.only("key", "name")},
        CTA: {cta.key: (cta.pk, cta.name) for cta in CallToAction.objects.only("key", "name")},
    }
    asked = {(row.kind, row.key): row.page for row in MissingName.objects.all()}
    named = {(one.kind, one.key): one for one in templates.named}
    for kind, key in asked:
        named.setdefault((kind, key), Named(kind, key, ()))
    missing = [
        Missing(one, asked.get(name, ""))
        for name, one in sorted(named.items())
        if one.key not in configured[one.kind] and _KEY.fullmatch(one.key)
    ]
    unused = [
        Unused(kind, key, name, pk)
        for kind, known in configured.items()
        for key, (pk, name) in sorted(known.items())
        if (kind, key) not in named
    ]
    impossible = [
        (
            f"{place.template}, line {place.line}",
            f"“{one.key}” can be no name: use lower-case letters, digits and hyphens.",
        )
        for one in templates.named
        if not _KEY.fullmatch(one.key)
        for place in one.places
    ]
    return Found(tuple(missing), tuple(unused), templates.by_variable, (*templates.unreadable, *impossible))


@transaction.atomic
def make_block(missing: Missing) -> tuple[Block, bool]:
    """Make the block that templates name, live, with what stands between the tags as what everyone else sees.

    Visitors go on seeing what they see: there is no variant yet. Idempotent.

    Returns:
        The block, and whether it is new.
    """
    return Block.objects.get_or_create(
        key=missing.named.key, defaults={"name": missing.suggested_name, "default": missing.named.default}
    )
