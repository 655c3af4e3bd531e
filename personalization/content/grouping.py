"""Groups of blocks, of which only one shows something: which blocks come before each, and who else has members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from personalization.content.deciding.blocks import PublishedBlock
from personalization.content.models import BlockGroup

LAST = 1_000_000_000
"""The order of those that have none: no column holds so many."""


def with_groups(
    blocks: Mapping[str, PublishedBlock], places: Iterable[tuple[int, int, str]]
) -> dict[str, PublishedBlock]:
    """The blocks, those of a group with the ones that come before them and can be on the same page. Pure.

    Args:
        blocks: by their keys; those of other rooms say themselves which group they are in.
        places: group, order and key of the blocks of the admin.
    """
    groups: dict[int, list[tuple[int, PublishedBlock]]] = {}
    for group, order, key in places:
        if key in blocks:
            groups.setdefault(group, []).append((order, blocks[key]))
    for block in blocks.values():
        if block.group is not None:
            groups.setdefault(block.group, []).append((LAST if block.order is None else block.order, block))
    grouped = dict(blocks)
    for members in groups.values():
        ordered = [block for _, block in sorted(members, key=lambda member: member[0])]
        for position, block in enumerate(ordered):
            ahead = tuple(_with_around(other, blocks) for other in ordered[:position] if _can_meet(block, other))
            by_language = any(
                one.by_language for one in (block, *ahead, *(outer for other in ahead for outer, _ in other.around))
            )
            grouped[block.key] = replace(block, ahead=ahead, by_language=by_language)
    return grouped


def _can_meet(block: PublishedBlock, other: PublishedBlock) -> bool:
    if block.stands is None or other.stands is None:
        return True
    # What stands in a block is shown with it, never in its place.
    return block.stands.page == other.stands.page and block.key not in dict(other.stands.within)


def _with_around(block: PublishedBlock, blocks: Mapping[str, PublishedBlock]) -> PublishedBlock:
    within = block.stands.within if block.stands else ()
    return replace(block, around=tuple((blocks[key], variant) for key, variant in within if key in blocks))


@dataclass(frozen=True)
class Member:
    """A block of a group as its editors see it."""

    name: str
    order: int | None
    where: str = ""
    """Where it stands, if that is known."""
    url: str = ""
    """Where it is edited."""
    is_draft: bool = False
    """It is not published yet, or not with this place."""


@dataclass(frozen=True)
class Finder:
    """How another room's members are found: what is read together with groups, and then what it says of one."""

    prefetch: Callable[[], Prefetch[Any]]
    describe: Callable[[BlockGroup], Iterable[Member]]


_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Add (or replace) the finder called `name`, such as "djangocms". Called once, when its app is ready."""
    _finders[name] = finder


def prefetches() -> list[Any]:
    """What is to be read together with groups, however many they are, so that their members are known."""
    return ["places__block", *(finder.prefetch() for finder in _finders.values())]


def group_choices() -> list[tuple[Any, str]]:
    """The groups that may be chosen, each with its blocks in their order."""
    groups = BlockGroup.objects.prefetch_related(*prefetches())
    return [("", _("no group")), *((group.pk, _label(group)) for group in groups)]


def _label(group: BlockGroup) -> str:
    members = ", ".join(
        f"{'–' if one.order is None else one.order} {one.name}{f' ({one.where})' if one.where else ''}"
        for one in members_of(group)
    )
    return f"{group}: {members}" if members else str(group)


def members_of(group: BlockGroup, url_of: Callable[[Any], str] = lambda block: "") -> list[Member]:
    """All blocks of a group in their order; `url_of` says where a block of the admin is edited."""
    members = [Member(str(place.block), place.order, url=url_of(place.block)) for place in group.places.all()]
    members += [member for finder in _finders.values() for member in finder.describe(group)]
    return sorted(members, key=lambda member: LAST if member.order is None else member.order)
