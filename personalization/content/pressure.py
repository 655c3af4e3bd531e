"""How often at most, when to rest, when others come first: each is a rule about what the visitor did. Pure."""

from typing import Any, Final

TIRED_WITHIN: Final = "7d"
"""A variant that was seen often without a click comes first again as those views get older than this."""


def cap_key(variant: str) -> str:
    """The key under which it is judged that a variant was shown as often as it may be."""
    return f"cap:{variant}"


def block_cap_key(block: int) -> str:
    """The same for all variants of a block."""
    return f"cap:block:{block}"


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


def acted(event: str, *, days: int, variant: str) -> dict[str, Any]:
    """The rule that the visitor lately did what a variant rests after; a click counts if it was in the variant.

    >>> acted("purchase", days=14, variant="1f")
    {'event': 'purchase', 'within': '14d'}
    """
    rule: dict[str, Any] = {"event": event, "within": f"{days}d"}
    if event == "block_click":
        rule["where"] = [{"property": "variant", "is": variant}]
    return rule


def seen_without_click(times: int, *, variant: str) -> dict[str, Any]:
    """The rule that a variant was lately seen so often, and not clicked."""
    return {
        "all": [
            seen_often(times=times, within=TIRED_WITHIN, variant=variant),
            {"not": acted("block_click", days=int(TIRED_WITHIN.removesuffix("d")), variant=variant)},
        ]
    }
