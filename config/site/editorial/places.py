"""How the demo writes its blocks down: a place in the templates, and what it says there to whom."""

from typing import Any, NamedTuple

from personalization.content.deciding.blocks import Showing


class SeededVariant(NamedTuple):
    """One thing to show: texts by language, or a layout that speaks all of them; to segments, or by a rule."""

    name: str
    segments: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    template: str = ""
    rule: dict[str, Any] | None = None
    items: str = ""
    """Who names the items of a list; then the texts are the headings above it, and everybody may see it."""


class SeededBlock(NamedTuple):
    """A place in the templates with its variants, the first that fits first."""

    key: str
    name: str
    variants: tuple[SeededVariant, ...]
    show: Showing = Showing.IN_PLACE


def variant_to(
    segments: str | tuple[str, ...], name: str, english: str, german: str, *, rule: dict[str, Any] | None = None
) -> SeededVariant:
    """Texts in both languages for these segments, or for whom the rule names."""
    chosen = (segments,) if isinstance(segments, str) else segments
    return SeededVariant(name, () if rule else chosen, (("en", english), ("de", german)), rule=rule)


def list_of(items: str, name: str, english: str, german: str) -> SeededVariant:
    """A list of items for everybody for whom there are any, under a heading."""
    return SeededVariant(name, texts=(("en", english), ("de", german)), items=items)
