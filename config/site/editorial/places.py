"""How the demo writes its blocks down: a place in the templates, and what it says there to whom."""

from typing import Any, NamedTuple


class SeededVariant(NamedTuple):
    """One thing to show: texts by language, or a layout that speaks all of them; to segments, or by a rule."""

    name: str
    segments: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    template: str = ""
    rule: dict[str, Any] | None = None


class SeededBlock(NamedTuple):
    """A place in the templates with its variants, the first that fits first."""

    key: str
    name: str
    variants: tuple[SeededVariant, ...]


def variant_to(
    segments: str | tuple[str, ...], name: str, english: str, german: str, *, rule: dict[str, Any] | None = None
) -> SeededVariant:
    """Texts in both languages for these segments, or for whom the rule names."""
    chosen = (segments,) if isinstance(segments, str) else segments
    return SeededVariant(name, () if rule else chosen, (("en", english), ("de", german)), rule=rule)
