"""The demo's own segments, blocks and calls to action, as an editor might have made them."""

from typing import Any, NamedTuple

CATEGORIES = ("jackets", "trousers", "boots", "packs")


def _fans_of(category: str) -> tuple[str, str, str, dict[str, Any]]:
    return (
        f"{category}-fans",
        f"Fans of {category}",
        f"Looked at {category} three times or more in a week.",
        {
            "event": "view_item",
            "where": [{"property": "item_category", "is": category}],
            "within": "7d",
            "at_least": 3,
        },
    )


# Name in templates, name, what it is for, rule.
SEGMENTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    *(_fans_of(category) for category in CATEGORIES),
    (
        "cart-abandoners",
        "Left something in the cart",
        "Put something into the cart within the last week and did not buy for 15 minutes.",
        {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m", "within": "7d"},
    ),
    ("buyers", "Buyers", "Bought something within the last year.", {"event": "purchase", "within": "52w"}),
    (
        "magazine-readers",
        "Readers of the magazine",
        "Opened two articles or more within a month.",
        {
            "event": "view_item",
            "where": [{"property": "item_category", "is": "magazine"}],
            "within": "30d",
            "measure": "distinct",
            "of": "item_id",
            "at_least": 2,
        },
    ),
    (
        "engaged-visitors",
        "Engaged visitors",
        "Clicks, fills carts and buys, and did so lately: a score of 10 or more.",
        {"trait": "engagement", "at_least": 10},
    ),
    (
        "new-visitors",
        "New visitors",
        "Came for the first time within the last day and bought nothing yet.",
        {"all": [{"seen": "first", "within": "1d"}, {"not": {"event": "purchase"}}]},
    ),
)


class SeededVariant(NamedTuple):
    name: str
    segments: tuple[str, ...]
    body: str = ""
    template: str = ""


class SeededBlock(NamedTuple):
    """Everyone else sees what the page's template says."""

    key: str
    name: str
    variants: tuple[SeededVariant, ...]


class SeededCallToAction(NamedTuple):
    key: str
    name: str
    label: str
    url: str
    overrides: tuple[tuple[str, str, str], ...]  # segment, label, link


BLOCKS = (
    SeededBlock(
        "home-hero",
        "Home page: the large picture’s words",
        (
            SeededVariant(
                "Thank-you to buyers",
                ("buyers",),
                "<h2>Good to have you back.</h2>"
                '<p>How is it wearing? If a seam has come to grief, <a href="/about/#repairs">send it home</a>: '
                "we mend what we make.</p>",
            ),
            SeededVariant(
                "For readers",
                ("magazine-readers",),
                "<h2>Go and see for yourself.</h2>"
                "<p>You have read about the rain. It is out there now, and it is better in person. "
                "There will be tea afterward.</p>",
            ),
        ),
    ),
    SeededBlock(
        "cart-reminder",
        "Home page: reminder of the cart",
        (
            SeededVariant(
                "Still in the cart",
                ("cart-abandoners",),
                "<p><strong>Still thinking it over?</strong> Your cart is where you left it. "
                '<a href="/cart/">Have another look</a>, there is no hurry.</p>',
            ),
        ),
    ),
    SeededBlock(
        "home-recommendation",
        "Home page: recommendation",
        tuple(
            SeededVariant(
                f"Recommend {category}", (f"{category}-fans",), template=f"site/blocks/recommend-{category}.html"
            )
            for category in CATEGORIES
        ),
    ),
    SeededBlock(
        "article-aside",
        "Articles: beneath the text",
        (
            SeededVariant(
                "Buyers: care",
                ("buyers",),
                "<h2>Does yours need a wash?</h2>"
                "<p>Half an hour and a warm machine give a jacket three more winters. Tomas explains how in "
                '<a href="/magazine/how-to-wash-a-rain-jacket/">Wash the jacket, for heaven’s sake</a>.</p>',
            ),
            SeededVariant(
                "Regular readers",
                ("magazine-readers",),
                "<h2>You are becoming a regular</h2>"
                "<p>Then you know more about us than most who wear our jackets. If you ever want to see what all the "
                'talk is about, begin with <a href="/shop/jackets/fieldfare-shell/">the Fieldfare</a>, which has been '
                "rained on in at least three of these articles.</p>",
            ),
        ),
    ),
)

CALLS_TO_ACTION = (
    SeededCallToAction(
        "home-cta",
        "Home page: main button",
        "See what keeps you dry",
        "/shop/jackets/",
        (
            ("cart-abandoners", "Back to your cart", "/cart/"),
            ("jackets-fans", "Choose your jacket", "/shop/jackets/"),
            ("trousers-fans", "Choose your trousers", "/shop/trousers/"),
            ("boots-fans", "Choose your boots", "/shop/boots/"),
            ("packs-fans", "Choose your pack", "/shop/packs/"),
            ("magazine-readers", "Read on in the magazine", "/magazine/"),
            ("new-visitors", "New here? How we make things", "/about/"),
        ),
    ),
)
