"""What the demo's buttons say, to whom and in which language."""

from typing import NamedTuple


class SeededOverride(NamedTuple):
    """What one segment reads instead; without a segment, everybody in that language."""

    segment: str
    language: str
    label: str
    url: str


class SeededCallToAction(NamedTuple):
    """A button as everybody sees it in English, and what others see."""

    key: str
    name: str
    label: str
    url: str
    overrides: tuple[SeededOverride, ...]
    prominent_from: int | None = None


def _in_both(*said: tuple[str, str, str, str]) -> tuple[SeededOverride, ...]:
    """From (segment, English label, German label, link without its language), English first."""
    return (
        *(SeededOverride(segment, "en", english, url) for segment, english, _, url in said if segment),
        *(SeededOverride(segment, "de", german, f"/de{url}") for segment, _, german, url in said),
    )


CALLS_TO_ACTION = (
    SeededCallToAction(
        "home-cta",
        "Home page: main button",
        "See what keeps you dry",
        "/shop/jackets/",
        _in_both(
            ("cart-abandoners", "Back to your cart", "Zurück zum Warenkorb", "/cart/"),
            ("jackets-fans", "Choose your jacket", "Deine Jacke aussuchen", "/shop/jackets/"),
            ("trousers-fans", "Choose your trousers", "Deine Hose aussuchen", "/shop/trousers/"),
            ("boots-fans", "Choose your boots", "Deine Stiefel aussuchen", "/shop/boots/"),
            ("packs-fans", "Choose your pack", "Deinen Rucksack aussuchen", "/shop/packs/"),
            ("layers-fans", "Choose your wool", "Deine Wolle aussuchen", "/shop/layers/"),
            ("churned-visitors", "See what is new: wool", "Neu im Regal: Wolle", "/shop/layers/"),
            ("magazine-readers", "Read on in the magazine", "Im Magazin weiterlesen", "/magazine/"),
            ("new-visitors", "New here? How we make things", "Neu hier? So arbeiten wir", "/about/"),
            ("", "", "Was dich trocken hält", "/shop/jackets/"),
        ),
        prominent_from=10,
    ),
    SeededCallToAction(
        "newsletter-cta",
        "Every page: the letter",
        "Get the letter",
        "/newsletter/",
        _in_both(
            ("readers-of-walks", "Get the next walk by letter", "Den nächsten Weg per Brief", "/newsletter/"),
            ("readers-of-care", "Get the next repair by letter", "Die nächste Reparatur per Brief", "/newsletter/"),
            ("readers-of-know-how", "Get the next skill by letter", "Den nächsten Kniff per Brief", "/newsletter/"),
            ("readers-of-places", "Get the next place by letter", "Den nächsten Ort per Brief", "/newsletter/"),
            (
                "buyers",
                "Get the letter for people who own one",
                "Der Brief für alle, die schon was haben",
                "/newsletter/",
            ),
            ("", "", "Den Brief bestellen", "/newsletter/"),
        ),
    ),
)
