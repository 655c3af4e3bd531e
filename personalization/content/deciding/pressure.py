"""How often at most, when to rest, when others come first: each is a rule about what the visitor did. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

TIRED_WITHIN: Final = "7d"
"""A variant that was seen often without a click comes first again as those views get older than this."""


def cap_key(variant: str) -> str:
    """The key under which it is judged that a variant was shown as often as it may be."""
    return f"cap:{variant}"


def block_cap_key(block: int) -> str:
    """The same for all variants of a block."""
    return f"cap:block:{block}"


def campaign_cap_key(campaign: int) -> str:
    """The same for all that belongs to a campaign."""
    return f"cap:campaign:{campaign}"


def overall_key(within: str) -> str:
    """The same for everything, counted in this time."""
    return f"cap:overall:{within}"


def rest_key(variant: str) -> str:
    """The key under which it is judged that a variant rests."""
    return f"rest:{variant}"


def tired_key(variant: str) -> str:
    """The key under which it is judged that a variant gives others the first place."""
    return f"tired:{variant}"


def seen_often(*, times: int, within: str, variant: str = "", block: str = "") -> dict[str, Any]:
    """The rule that a variant, or any variant of a block, was seen so often.

    >>> seen_often(times=2, within="session", variant="1f")
    {'event': 'block_view', 'where': [{'property': 'variant', 'is': '1f'}], 'within': 'session', 'at_least': 2}
    """
    if variant:
        where = [{"property": "variant", "is": variant}]
    else:
        where = [{"property": "block", "is": block}, {"property": "variant", "is_not": "default"}]
    return {"event": "block_view", "where": where, "within": within, "at_least": times}


def seen_any_often(*, times: int, within: str, variants: Iterable[str]) -> dict[str, Any]:
    """The rule that so many of these variants were seen, all together."""
    where = [{"property": "variant", "in": sorted(variants)}]
    return {"event": "block_view", "where": where, "within": within, "at_least": times}


def seen_anything_often(*, times: int, within: str, besides: Iterable[str] = ()) -> dict[str, Any]:
    """The rule that so many variants were seen, whichever, besides those of some blocks.

    >>> seen_anything_often(times=2, within="session")["where"]
    [{'property': 'variant', 'is_not': 'default'}]
    """
    where: list[dict[str, Any]] = [{"property": "variant", "is_not": "default"}]
    if left_out := sorted(besides):
        where.append({"property": "block", "not_in": left_out})
    return {"event": "block_view", "where": where, "within": within, "at_least": times}


def acted(event: str, *, days: int, variant: str) -> dict[str, Any]:
    """The rule that the visitor lately did what a variant rests after; a click counts if it was in the variant.

    >>> acted("purchase", days=14, variant="1f")
    {'event': 'purchase', 'within': '14d'}
    """
    rule: dict[str, Any] = {"event": event, "within": f"{days}d"}
    if event == "block_click":
        rule["where"] = [{"property": "variant", "is": variant}]
    return rule


def reached(event: str, where: Iterable[Mapping[str, Any]], *, days: int) -> dict[str, Any]:
    """The rule that the visitor lately reached a goal: this event, of which all this is true.

    >>> reached("purchase", [{"property": "value", "at_least": 50}], days=14)
    {'event': 'purchase', 'within': '14d', 'where': [{'property': 'value', 'at_least': 50}]}
    """
    rule: dict[str, Any] = {"event": event, "within": f"{days}d"}
    if conditions := [dict(one) for one in where]:
        rule["where"] = conditions
    return rule


def seen_without_click(times: int, *, variant: str) -> dict[str, Any]:
    """The rule that a variant was lately seen so often, and not clicked."""
    return {
        "all": [
            seen_often(times=times, within=TIRED_WITHIN, variant=variant),
            {"not": acted("block_click", days=int(TIRED_WITHIN.removesuffix("d")), variant=variant)},
        ]
    }
