"""What is measured of the configured content: which blocks there are, and what their variants are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from personalization.content.models import Block, Variant
from personalization.content.sources import sources


@dataclass(frozen=True, slots=True)
class MeasuredBlock:
    """A block as reports name it. Its variants by the ids that events carry, in the block's order."""

    key: str
    name: str
    variants: Mapping[str, str]
    pk: int | None = None
    """Where the admin edits it; None if another room brings it."""
    others: str = ""
    """What its editor calls what everyone else sees; empty: it has no name of its own."""


def measured_blocks() -> dict[str, MeasuredBlock]:
    """Every block by its key, those of the admin first; two queries, and those of other rooms."""
    variants: dict[int, dict[str, str]] = {}
    for block_id, uuid, name in Variant.objects.order_by("order", "id").values_list("block_id", "uuid", "name"):
        variants.setdefault(block_id, {})[str(uuid)] = name
    blocks = {
        key: MeasuredBlock(key, name, variants.get(pk, {}), pk)
        for pk, key, name in Block.objects.values_list("pk", "key", "name")
    }
    for source in sources():
        for block in source():
            names = {variant.uuid: variant.name for variant in block.variants}
            blocks.setdefault(block.key, MeasuredBlock(block.key, block.name or block.key, names, others=block.others))
    return blocks


def measured_block(key: str) -> MeasuredBlock | None:
    """The block called `key`."""
    return measured_blocks().get(key)


def variant_ids(blocks: Iterable[MeasuredBlock]) -> list[str]:
    """The ids of all variants of these blocks."""
    return [uuid for block in blocks for uuid in block.variants]
