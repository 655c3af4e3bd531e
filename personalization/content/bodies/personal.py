"""Personal fields in a text: `{{ visitor.first_name|default:"there" }}`, and nothing else.

This is no template language: a field names one thing that is known about the visitor, and a few filters. It is read
once, when the text is saved or published; what is put in is escaped. A text that holds anything else in braces is
refused. Pure: no Django but for its escaping, numbers and words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Final, TypeAlias

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

Known: TypeAlias = str | int | float | bool | None

LONGEST: Final = 200
"""Characters of what is put in: what is longer is no name."""
_TAG: Final = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_FIELD: Final = re.compile(r"\{\{(?P<inside>.*?)\}\}", re.DOTALL)
_BRACES: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_NAME: Final = re.compile(r"\s*visitor\.(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*", re.ASCII)
# The quotation marks that keyboards and word processors make of the plain ones count as well.
_PIPE: Final = re.compile(
    r"""\|\s*(?P<name>[a-z]+)\s*(?::\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|[\u201c\u201e\u201d](?P<c>[^\u201c\u201d]*)[\u201c\u201d]|"""
    r"""[\u2018\u201a\u2019](?P<d>[^\u2018\u2019]*)[\u2018\u2019]|(?P<number>[0-9]))\s*)?""",
    re.ASCII,
)


class InvalidFields(ValueError):
    """A text holds what is no personal field.

    Args:
        mistakes: each in a sentence that says what to write instead.
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Field:
    """One field, ready to be filled in."""

    name: str
    filters: tuple[tuple[str, str], ...]
    """Names and arguments, in order."""

    def text(self, known: Known) -> str:
        """What stands in its place, escaped; `known` is None where nothing is known."""
        value: Known = known
        if isinstance(value, bool) or (isinstance(value, str) and not value.strip()):
            value = None  # “True” greets nobody
        for name, argument in self.filters:
            value = _FILTERS[name](value, argument)
        if value is None:
            return ""
        said = _shortest(value) if isinstance(value, int | float) else value
        return escape(said.replace("\x00", "").strip()[:LONGEST])


@dataclass(frozen=True, slots=True)
class Fields:
    """A text with fields: pieces of HTML and what stands between them, in order."""

    pieces: tuple[str | Field, ...]

    @property
    def names(self) -> frozenset[str]:
        """What must be known to fill it in."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Field))

    def filled(self, known: Callable[[str], Known]) -> str:
        """The text for somebody of whom this is known."""
        return "".join(piece if isinstance(piece, str) else piece.text(known(piece.name)) for piece in self.pieces)


def read_fields(html: str, *, allowed: Collection[str]) -> Fields:
    """Read the fields of a sanitized text.

    Args:
        html: as the sanitizer gives it, so that tags are whole and quoted.
        allowed: the names that may stand behind “visitor.”.

    Raises:
        InvalidFields: with every mistake.

    >>> text = read_fields('<p>Hello {{ visitor.name|default:"you" }}</p>', allowed={"name"})
    >>> text.filled({"name": "<Ada>"}.get), text.filled({}.get)
    ('<p>Hello &lt;Ada&gt;</p>', '<p>Hello you</p>')
    """
    mistakes: list[str] = []
    pieces: list[str | Field] = []
    for number, part in enumerate(_TAG.split(html)):
        if number % 2:
            if _BRACES.search(part):
                mistakes.append(_("A personal field may stand in the text only, not in a link’s address or title."))
            pieces.append(part)
        else:
            pieces += _read_text(part, allowed, mistakes)
    if mistakes:
        raise InvalidFields(list(dict.fromkeys(mistakes)))
    return Fields(tuple(_joined(pieces)))


def _read_text(text: str, allowed: Collection[str], mistakes: list[str]) -> Iterator[str | Field]:
    end = 0
    for found in _FIELD.finditer(text):
        yield _plain(text[end : found.start()], mistakes)
        end = found.end()
        inside = unescape(found["inside"]).replace("\xa0", " ")
        if field := _read_field(inside, allowed, mistakes):
            yield field
    yield _plain(text[end:], mistakes)


def _plain(text: str, mistakes: list[str]) -> str:
    if found := _BRACES.search(text):
        message = _(
            "“%(braces)s” stands for personal fields. Write a field in one go and in one format, such as %(example)s."
        )
        mistakes.append(message % {"braces": found[0], "example": _example("first_name")})
    return text


def _read_field(inside: str, allowed: Collection[str], mistakes: list[str]) -> Field | None:
    written = {"field": f"{{{{{inside}}}}}"}
    named = _NAME.match(inside)
    if named is None:
        message = _("%(field)s: a field begins with “visitor.”, such as %(example)s.")
        mistakes.append(message % {**written, "example": _example("first_name")})
        return None
    name, at = named["name"], named.end()
    if name not in allowed:
        known = ", ".join(f"visitor.{one}" for one in sorted(allowed)) or _("nothing yet, your developer lists it")
        mistakes.append(
            _("%(field)s: texts may not show this. What they may show: %(known)s.") % {**written, "known": known}
        )
    filters: list[tuple[str, str]] = []
    while at < len(inside):
        pipe = _PIPE.match(inside, at)
        if pipe is None or pipe["name"] not in _FILTERS:
            message = _('%(field)s: after the name may come |default:"…" and, each after a “|”: %(filters)s.')
            mistakes.append(message % {**written, "filters": ", ".join(sorted(_FILTERS.keys() - {"default"}))})
            return None
        given = [pipe[group] for group in ("a", "b", "c", "d", "number") if pipe[group] is not None]
        if bool(given) is not (pipe["name"] in _WITH_ARGUMENT) and not (pipe["name"] == "floatformat" and not given):
            message = _('%(field)s: write |default:"…" with a text after the colon, and the others without one.')
            mistakes.append(message % written)
            return None
        filters.append((pipe["name"], given[0] if given else ""))
        at = pipe.end()
    if not any(name == "default" for name, _argument in filters):
        message = _("%(field)s: say what those read of whom it is not known, as in %(example)s.")
        mistakes.append(message % {**written, "example": _example(name)})
        return None
    return Field(name, tuple(filters))


def _example(name: str) -> str:
    return f'{{{{ visitor.{name}|default:"…" }}}}'


def _joined(pieces: list[str | Field]) -> Iterator[str | Field]:
    """The pieces with neighboring HTML in one."""
    html = ""
    for piece in pieces:
        if isinstance(piece, str):
            html += piece
            continue
        if html:
            yield html
        yield piece
        html = ""
    if html:
        yield html


def _shortest(number: float) -> str:
    return number_format(number if number % 1 else int(number), use_l10n=True)


def _floatformat(value: Known, places: str) -> Known:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if not places:
        return _shortest(round(value, 1))
    return number_format(value, int(places), use_l10n=True)


def _on_text(change: Callable[[str], str]) -> Callable[[Known, str], Known]:
    return lambda value, argument: change(value) if isinstance(value, str) else value


_FILTERS: Final[Mapping[str, Callable[[Known, str], Known]]] = {
    "default": lambda value, argument: argument if value is None else value,
    "capfirst": _on_text(capfirst),
    "lower": _on_text(str.lower),
    "title": _on_text(str.title),
    "upper": _on_text(str.upper),
    "floatformat": _floatformat,
}
_WITH_ARGUMENT: Final = frozenset({"default", "floatformat"})
