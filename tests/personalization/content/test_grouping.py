"""Groups of blocks: in which order they are asked, those of the admin and those that other rooms bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant, decide_block
from personalization.content.deciding.standing import Stand
from personalization.content.grouping import with_groups

pytestmark = pytest.mark.once
SHOP, HOME = Stand("shop"), Stand("home")


def _block(key: str, **fields: object) -> PublishedBlock:
    return PublishedBlock(key, live=True, default="", **fields)  # type: ignore[arg-type]  # the block's own


def _ahead(*blocks: PublishedBlock, places: list[tuple[int, int, str]] | None = None) -> dict[str, list[str]]:
    grouped = with_groups({block.key: block for block in blocks}, places or [])
    return {key: [other.key for other in block.ahead] for key, block in grouped.items()}


def test_group__of_the_admin_and_of_pages__is_in_the_order_of_their_numbers() -> None:
    blocks = _block("a"), _block("b"), _block("cms:1", group=7, order=5), _block("cms:2", group=7)
    ahead = _ahead(*blocks, places=[(7, 10, "a"), (7, 1, "b"), (7, 2, "gone")])
    assert ahead == {"b": [], "cms:1": ["b"], "a": ["b", "cms:1"], "cms:2": ["b", "cms:1", "a"]}


def test_group__others__have_nothing_to_do_with_it() -> None:
    assert _ahead(_block("cms:1", group=1), _block("cms:2", group=2), _block("a")) == {
        "cms:1": [],
        "cms:2": [],
        "a": [],
    }


def test_group__blocks_of_two_pages__do_not_come_before_each_other() -> None:
    blocks = (
        _block("cms:shop", group=1, stands=SHOP),
        _block("cms:home", group=1, stands=HOME),
        _block("cms:alias", group=1),
        _block("cms:shop2", group=1, stands=SHOP),
    )
    ahead = _ahead(*blocks)
    assert ahead["cms:home"] == []
    assert ahead["cms:alias"] == ["cms:shop", "cms:home"]
    assert ahead["cms:shop2"] == ["cms:shop", "cms:alias"]


def test_group__a_block_ahead_depends_on_the_language__so_do_those_after_it() -> None:
    blocks = {"a": _block("a", by_language=True), "b": _block("b")}
    grouped = with_groups(blocks, [(1, 1, "a"), (1, 2, "b")])
    assert grouped["b"].by_language
    assert not with_groups(blocks, [(1, 2, "a"), (1, 1, "b")])["b"].by_language


@pytest.mark.parametrize(
    ("within", "matches", "shown"),
    [("v", {"fans"}, ["inner"]), ("v", set(), ["last"]), ("", {"fans"}, ["last"]), ("", set(), ["inner"])],
)
def test_group__block_ahead_in_a_variant__counts_while_that_is_shown(
    within: str, matches: set[str], shown: list[str]
) -> None:
    all_ = PublishedVariant("1", "For all", None)
    inner = _block("inner", group=1, order=1, variants=(all_,), stands=replace(HOME, within=(("outer", within),)))
    last = _block("last", group=1, order=2, variants=(all_,), stands=HOME)
    outer = _block("outer", variants=(PublishedVariant("v", "For fans", ("fans",)),), by_language=True)
    blocks = with_groups({block.key: block for block in (outer, inner, last)}, [])
    assert blocks["last"].by_language
    decided = decide_block(blocks["last"], matches=matches.__contains__, now=datetime(2026, 11, 20, tzinfo=UTC))
    assert (["last"] if decided.variants else ["inner"]) == shown


def test_group__block_and_one_that_stands_in_it__do_not_come_before_each_other() -> None:
    inner = _block("inner", group=1, order=1, stands=replace(HOME, within=(("outer", "v"),)))
    assert _ahead(inner, _block("outer", group=1, order=2, stands=HOME))["outer"] == []
