"""Tell which blocks and calls to action templates name, and which of them nobody configured."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils.html import strip_tags

from personalization.content.finding.found import found
from personalization.content.finding.template_names import CTA, Named, Place, Stays, read_templates

_STAYS: Final = {
    Stays.TAGS: "stays in the template: it holds template tags",
    Stays.MARKUP: "stays in the template: it holds more than an editor's text may",
    Stays.DIFFERS: "stays in the templates: it is not the same in all places",
}
_EXCERPT: Final = 60


class Command(BaseCommand):
    """``manage.py find_blocks``: reads templates, writes nothing."""

    help = "Tell which blocks and calls to action templates name, and which of them nobody configured."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is missing first, then what is not used, then what cannot be told."""
        templates = read_templates()
        result = found(templates)
        self._list(
            "Used and not configured:",
            [
                f"{_said(one.named)}{f' (asked for on {one.page})' if one.page else ''}"
                + "".join(f"\n    {_where(place)}" for place in one.named.places)
                for one in result.missing
            ],
        )
        self._list(
            "Configured and named by no template:", [f"{one.kind} {one.key} ({one.name})" for one in result.unused]
        )
        self._list("Named by a variable, so by which name cannot be told:", map(_where, result.by_variable))
        self._list("Cannot be read:", [f"{name}: {why}" for name, why in result.unreadable])
        kinds = [one.kind for one in templates.named]
        blocks, ctas = len(kinds) - kinds.count(CTA), kinds.count(CTA)
        self.stdout.write(f"Templates name {blocks} blocks and {ctas} calls to action.")

    def _list(self, title: str, lines: Any) -> None:
        if lines := list(lines):
            self.stdout.write(title)
            for line in lines:
                self.stdout.write(f"  {line}")


def _said(named: Named) -> str:
    if named.stays:
        said = _STAYS[named.stays]
    elif named.default:
        text = " ".join(strip_tags(named.default).split())
        said = f"“{text[:_EXCERPT]}{'…' if len(text) > _EXCERPT else ''}”"
    else:
        return f"{named.kind} {named.key}"
    return f"{named.kind} {named.key}: {said}"


def _where(place: Place) -> str:
    path = Path(place.path)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return f"{path}:{place.line}"
