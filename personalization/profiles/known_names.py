"""What is known about visitors, by name: for editors to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import CharField, Count, Func

from personalization.profiles.keeping import kept
from personalization.profiles.models import Trait

MOST: Final = 200
"""So many names are offered, those of the most people first: a site that stores more makes them up as it goes."""
_KEPT: Final = 5 * 60
"""Seconds for which the names are kept: finding them looks at all that is known about everybody."""
_NAMES: Final = "attune:1:known-names"
_KINDS: Final = {
    **dict.fromkeys(("number", "integer", "real"), "number"),
    **dict.fromkeys(("boolean", "true", "false"), "boolean"),
    **dict.fromkeys(("string", "text"), "text"),
}
"""What the databases call the kinds of JSON's values, and what we do."""


class ValueKind(Func):
    """What a JSON value is, in each database's words."""

    function = "jsonb_typeof"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_type", **extra)


@dataclass(frozen=True, slots=True)
class KnownName:
    """Something that is known about some visitors."""

    name: str
    kind: str
    """`number`, `boolean`, `text`; `any` where it is not the same of everybody."""


def known_names() -> list[KnownName]:
    """The names of what is known about anybody, in order; one query, kept for minutes."""
    return kept(_NAMES, _look, seconds=_KEPT)


def _look() -> list[KnownName]:
    rows = Trait.objects.annotate(kind=ValueKind("value")).order_by().values_list("name", "kind")
    kinds: dict[str, set[str]] = {}
    for name, kind, _people in rows.annotate(people=Count("pk")).order_by("-people", "name")[:MOST]:
        kinds.setdefault(name, set()).add(_KINDS.get(kind, "any"))
    return [KnownName(name, found.pop() if len(found) == 1 else "any") for name, found in sorted(kinds.items())]
