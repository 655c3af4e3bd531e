"""The figures of the simulated visitors, all in one place: who they are, when they come, and what makes them buy.

They are invented, chosen to look like a small shop's. docs/explanation/simulator.md explains them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Intent(NamedTuple):
    """Why somebody comes, and what follows from it."""

    name: str
    share: float
    """Of all simulated visitors."""
    returns: float
    """Chance of coming back after each visit."""
    gap: float
    """Days between two visits, on average."""
    pages: float
    """Pages of a visit, on average."""
    shopping: float
    """Chance of going on as a shopper does from a page, else as a reader."""
    focus: float
    """Chance that the next product is of the favorite category, and the next article on the favorite topic."""
    base: float
    """Log-odds of buying in a visit with nothing else to be said for it."""
    cart: float
    """Chance of leaving something in the cart in a visit without a purchase."""
    checkout: float
    """Chance of going to the checkout with it and leaving there."""
    campaign: float
    """Chance of having come by a campaign the first time."""
    gone: bool = False
    """Came in the first half of the history and never again."""


INTENTS: Final = (
    #      name               share returns  gap  pages shop focus  base cart checkout campaign
    Intent("window shopper", 0.33, 0.35, 18.0, 5.0, 0.90, 0.55, -4.2, 0.06, 0.15, 0.08),
    Intent("researcher",     0.16, 0.75,  5.0, 8.0, 0.85, 0.85, -3.5, 0.22, 0.25, 0.05),
    Intent("buyer",          0.10, 0.45,  9.0, 8.0, 0.92, 0.80, -1.3, 0.40, 0.50, 0.10),
    Intent("bargain hunter", 0.09, 0.40, 12.0, 5.0, 0.95, 0.40, -2.8, 0.35, 0.30, 1.00),
    Intent("reader",         0.16, 0.72,  7.0, 5.0, 0.10, 0.60, -5.0, 0.02, 0.10, 0.03),
    Intent("loyal customer", 0.06, 0.90, 12.0, 7.0, 0.75, 0.65, -2.3, 0.30, 0.40, 0.15),
    Intent("one-time buyer", 0.06, 0.00,  1.0, 6.0, 0.95, 0.80,  1.2, 0.50, 0.60, 0.25, True),
    Intent("bot",            0.04, 0.60,  3.0, 6.0, 0.70, 0.00, -9.0, 0.00, 0.00, 0.00),
)  # fmt: skip

BOT: Final = "bot"

COEFFICIENTS: Final[Mapping[str, float]] = {
    "bought_before": 0.8,  # bought in an earlier visit
    "earlier_visits": 0.25,  # for each unit of ln(1 + earlier visits)
    "cart_left": 0.9,  # the visit before ended with something in the cart
    "campaign": 0.5,  # came to this visit by a campaign
    "mobile": -0.5,  # on a phone
    "weekend": 0.15,
    "evening": 0.2,  # began between 18 and 22 o'clock
    "winter_is_coming": 0.3,  # in November or December
}
"""What is added to the log-odds of a purchase: the probability is 1 / (1 + exp(−(base + Σ coefficient × feature)))."""

HISTORY_DAYS: Final = 200
"""Everybody comes for the first time within so many days before the end."""

GROWTH: Final = 4.0
"""So many times as many people come for the first time on the last day as on the first: the shop is a young one."""

LONGEST_VISIT_HOURS: Final = 2
"""No visit begins later than this before the end, whatever comes of it; so none is cut off."""

HOURS: Final = (
    0.30, 0.18, 0.10, 0.08, 0.08, 0.15, 0.35, 0.60, 0.85, 1.00, 1.10, 1.15,
    1.25, 1.15, 1.05, 1.00, 1.05, 1.20, 1.45, 1.75, 1.95, 1.80, 1.20, 0.65,
)  # fmt: skip
"""How busy each hour of the day is (UTC)."""

WEEKDAYS: Final = (0.95, 0.90, 0.90, 0.95, 0.95, 1.10, 1.25)
"""How busy each day of the week is, Monday first."""

MONTHS: Final = (0.85, 0.80, 0.95, 1.05, 1.10, 0.95, 0.85, 0.90, 1.15, 1.25, 1.40, 1.30)
"""How busy each month is, January first."""

CONSENT: Final[tuple[tuple[float, Mapping[str, bool] | None], ...]] = (
    (0.66, {"analytics": True, "personalization": True}),
    (0.09, {"analytics": True, "personalization": False}),
    (0.03, {"analytics": False, "personalization": True}),
    (0.16, {"analytics": False, "personalization": False}),
    (0.06, None),  # never answers the banner
)
"""How people answer the banner, and how often."""

WITHDRAWS: Final = 0.04
"""Chance that who agreed takes it back before a later visit, if there is one: half everything, half personalization."""

MOBILE: Final = 0.56
GERMAN: Final = 0.30
SEARCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("rain jacket", "boots", "wool", "rucksack", "trousers", "waterproof", "socks", "gift"),
    "de": ("regenjacke", "stiefel", "wolle", "rucksack", "hose", "wasserdicht", "socken", "geschenk"),
}
"""What people search for, in the page's language."""


class Campaign(NamedTuple):
    """What brought somebody, as it stands in the address of the first page."""

    name: str
    source: str
    medium: str


CAMPAIGNS: Final = (
    Campaign("autumn-rain", "newsletter", "email"),
    Campaign("first-frost", "search-ads", "cpc"),
    Campaign("trail-days", "social", "paid-social"),
)

REFERRERS: Final = (
    (0.45, ""),
    (0.38, "https://search.example/"),
    (0.10, "https://hillwalkers.example/forum/"),
    (0.07, "https://social.example/"),
)
"""Where people come from who did not come by a campaign, and how often."""

SHOPPING: Final[Mapping[str, Mapping[str, float]]] = {
    "home": {"category": 0.62, "product": 0.22, "search": 0.08, "about": 0.04, "magazine": 0.04},
    "category": {"product": 0.78, "category": 0.14, "home": 0.03, "search": 0.05},
    "product": {"product": 0.42, "category": 0.42, "home": 0.10, "search": 0.06},
    "search": {"product": 0.75, "search": 0.15, "category": 0.10},
    "magazine": {"article": 0.70, "category": 0.20, "home": 0.10},
    "article": {"product": 0.35, "category": 0.25, "article": 0.20, "home": 0.20},
    "about": {"home": 0.40, "category": 0.60},
}
"""Where a shopper goes next from each kind of page."""

READING: Final[Mapping[str, Mapping[str, float]]] = {
    "home": {"magazine": 0.75, "article": 0.20, "about": 0.05},
    "category": {"magazine": 0.60, "product": 0.40},
    "product": {"magazine": 0.60, "product": 0.20, "home": 0.20},
    "search": {"article": 0.60, "magazine": 0.40},
    "magazine": {"article": 0.95, "home": 0.05},
    "article": {"article": 0.52, "magazine": 0.42, "home": 0.06},
    "about": {"magazine": 0.60, "home": 0.40},
}
"""Where a reader goes next from each kind of page."""

LANDING: Final[Mapping[str, float]] = {"home": 0.50, "category": 0.20, "product": 0.30}
LANDING_TO_READ: Final[Mapping[str, float]] = {"home": 0.35, "magazine": 0.20, "article": 0.45}

MOST_PAGES: Final = 20
SECONDS: Final[Mapping[str, float]] = {"article": 75.0, "product": 40.0, "checkout": 70.0}
"""How long people stay on a page in the middle; on others OTHER_SECONDS. Nobody stays longer than LONGEST_STAY."""
OTHER_SECONDS: Final = 18.0
LONGEST_STAY: Final = 280.0

USER_AGENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "mobile": (
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0"
        " Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
        " Mobile/15E148 Safari/604.1",
    ),
    "desktop": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
        " Safari/605.1.15",
    ),
    "tablet": (
        "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
    ),
    BOT: (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    ),
}
