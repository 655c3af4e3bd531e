"""Writes the tables of the reference of events: `python -m tests.docs.events`, after a change of event types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.architecture import PROJECT

PAGE = "docs/reference/events.md"


def _kinds(properties: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"`{name}`{'' if kind == 'text' else f' ({kind})'}" for name, kind in properties)


def items() -> str:
    """What may be said of an item."""
    from tracking.event_types import ITEM

    return f"{_kinds(ITEM.items())}.\n"


def events() -> str:
    """Every built-in event."""
    from tracking.event_types import BUILTIN, ITEM

    lines = ["| event | what happened | properties |", "|---|---|---|"]
    for kind in BUILTIN.values():
        own: Mapping[str, str] = kind.properties
        of_items = ITEM.keys() <= own.keys()
        rest = [(name, value) for name, value in own.items() if not (of_items and name in ITEM)]
        told = ", ".join(part for part in ("those of items" if of_items else "", _kinds(rest)) if part)
        lines.append(f"| `{kind.name}` | {kind.label} | {told or '–'} |")
    return "\n".join(lines) + "\n"


def written(text: str) -> str:
    """The page with its tables as the code says them now."""
    for name, table in (("items", items), ("events", events)):
        start, end = f"<!-- from the code: {name} -->\n", "<!-- end -->"
        before, found, rest = text.partition(start)
        assert found, f"{PAGE} has no place for {name}"
        text = f"{before}{start}{table()}{end}{rest.partition(end)[2]}"
    return text


def main() -> None:
    import django

    django.setup()
    path = PROJECT / PAGE
    path.write_text(written(path.read_text()))


if __name__ == "__main__":
    main()
