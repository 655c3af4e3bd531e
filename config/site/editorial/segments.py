"""Who comes to Larkmoor: the segments that its editors begin with."""

from typing import Any, NamedTuple

CATEGORIES = ("jackets", "trousers", "boots", "packs", "layers")
TOPICS = ("walks", "care", "know-how", "places")


class SeededSegment(NamedTuple):
    """A segment: its name in templates, its name, what it is for, and its rule."""

    slug: str
    name: str
    description: str
    rule: dict[str, Any]


def _fans_of(category: str) -> SeededSegment:
    return SeededSegment(
        f"{category}-fans",
        f"Fans of {category}",
        f"Looked at {category} three times or more within a month.",
        {
            "event": "view_item",
            "where": [{"property": "item_category", "is": category}],
            "within": "30d",
            "at_least": 3,
        },
    )


def _readers_of(topic: str) -> SeededSegment:
    return SeededSegment(
        f"readers-of-{topic}",
        f"Readers of {topic}",
        f"Opened two different articles or more on the topic “{topic}” within a month.",
        {
            "event": "view_item",
            "where": [{"property": "item_category", "is": topic}],
            "within": "30d",
            "measure": "distinct",
            "of": "item_id",
            "at_least": 2,
        },
    )


SEGMENTS = (
    SeededSegment(
        "new-visitors",
        "New visitors",
        "Came for the first time within the last week and bought nothing yet.",
        {"all": [{"seen": "first", "within": "7d"}, {"not": {"event": "purchase"}}]},
    ),
    SeededSegment(
        "returning-visitors",
        "Returning visitors",
        "Came at least twice, the last time within a month.",
        {"all": [{"event": "*", "measure": "sessions", "at_least": 2}, {"seen": "last", "within": "30d"}]},
    ),
    SeededSegment(
        "engaged-visitors",
        "Engaged visitors",
        "Clicks, fills carts and buys, and did so lately: a score of 10 or more.",
        {"trait": "engagement", "at_least": 10},
    ),
    SeededSegment(
        "casual-visitors",
        "Casual visitors",
        "Looks in now and then: here within a month and for longer than a week, with few pages and next to no score.",
        {
            "all": [
                {"event": "page_view", "within": "30d", "at_least": 1, "at_most": 8},
                {"seen": "first", "beyond": "7d"},
                {"not": {"trait": "engagement", "at_least": 3}},
            ]
        },
    ),
    SeededSegment(
        "churned-visitors",
        "Stayed away for a month",
        "Has not been here for 30 days, or is just back from such a while: the visit of the return still counts.",
        {"seen": "previous", "beyond": "30d"},
    ),
    SeededSegment(
        "cart-abandoners",
        "Left something in the cart",
        "Put something into the cart within the last week and did not buy for 15 minutes.",
        {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m", "within": "7d"},
    ),
    SeededSegment("buyers", "Buyers", "Bought something within the last year.", {"event": "purchase", "within": "52w"}),
    *(_fans_of(category) for category in CATEGORIES),
    SeededSegment(
        "campaign-visitors",
        "Came by a campaign",
        "Followed a link of one of our campaigns within the last week, whichever it was.",
        {"event": "page_view", "where": [{"property": "utm_campaign", "exists": True}], "within": "7d"},
    ),
    SeededSegment(
        "magazine-readers",
        "Readers of the magazine",
        "Opened two different articles or more within a month.",
        {
            "event": "view_item",
            "where": [{"property": "path", "contains": "/magazine/"}],
            "within": "30d",
            "measure": "distinct",
            "of": "item_id",
            "at_least": 2,
        },
    ),
    *(_readers_of(topic) for topic in TOPICS),
)
