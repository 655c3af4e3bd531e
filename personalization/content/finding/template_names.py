"""Which blocks and calls to action the templates of the project name, where, and with what between the tags."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, TypeAlias

from django.conf import settings
from django.template import Engine, NodeList, Origin, Template, TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.base import BaseEngine
from django.template.backends.django import DjangoTemplates
from django.template.base import FilterExpression, Node, TextNode
from django.template.defaulttags import CommentNode
from django.template.loader_tags import ExtendsNode
from django.template.loaders.base import Loader

from personalization.content.sanitizing import clean_rich_text

BLOCK: Final = "block"
CTA: Final = "cta"
"""What a tag names; its node says so by an attribute called `names`."""
_MAY_NAME: Final = re.compile(r"\{%-?\s*(?:personalized_block|cta)\s")
LARGEST: Final = 1_000_000
"""Bytes of a file that is read: what is larger is no template that somebody wrote."""


class Stays(Enum):
    """Why what stands between the tags is left to the template."""

    TAGS = "tags"
    """It is made while the page is made."""
    MARKUP = "markup"
    """It holds more than an editor's text may."""
    DIFFERS = "differs"
    """It is not the same in all places."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template names something."""

    template: str
    line: int
    path: str = field(compare=False)
    """The template's file, or where else its loader has it from."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name that templates use."""

    kind: str
    key: str
    places: tuple[Place, ...]
    default: str = ""
    """What stands between the tags, as an editor's text; empty if there is nothing, or if it stays in the template."""
    stays: Stays | None = None


@dataclass(frozen=True, slots=True)
class Templates:
    """What reading all templates said."""

    named: tuple[Named, ...]
    by_variable: tuple[Place, ...] = ()
    """Tags whose name is only known while a page is made."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Templates that name something and cannot be compiled, each with why."""

    def uses(self, kind: str, key: str) -> bool:
        """Say whether a template names it."""
        return (kind, key) in {(one.kind, one.key) for one in self.named}


def template_says(key: str) -> bool | None:
    """Say whether something stands between the tags of the block of this name; None: no template has it."""
    named = next((one for one in read_templates().named if (one.kind, one.key) == (BLOCK, key)), None)
    return None if named is None else bool(named.default or named.stays)


@dataclass(frozen=True, slots=True)
class Use:
    """A tag in a template."""

    kind: str
    key: str | None
    """What it names; None: a variable says so while a page is made."""
    place: Place
    default: str | None = ""
    """What stands between the tags; None: it is made while the page is made."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A template that may name something and cannot be compiled."""

    template: str
    why: str


# Reads all templates of an engine.
Reader: TypeAlias = Callable[[Any], Iterator[Use | Unreadable]]

_readers: dict[type[BaseEngine], Reader] = {}


def register_reader(kind: type[BaseEngine], reader: Reader) -> None:
    """Say how the templates of engines of this kind are read. Called where their tags are."""
    _readers[kind] = reader


def read_templates() -> Templates:
    """Read every template that the project's engines would find. They change with the code, so once a process.

    While debugging they are read each time.
    """
    return _read() if settings.DEBUG else _reader.templates


class _Reader:
    @cached_property
    def templates(self) -> Templates:
        return _read()


_reader = _Reader()


@dataclass(slots=True)
class _Found:
    places: list[Place] = field(default_factory=list)
    defaults: set[str | None] = field(default_factory=set)


def _read() -> Templates:
    found: dict[tuple[str, str], _Found] = defaultdict(_Found)
    by_variable: list[Place] = []
    unreadable: list[tuple[str, str]] = []
    for use in _uses():
        if isinstance(use, Unreadable):
            unreadable.append((use.template, use.why))
        elif use.key is None:
            by_variable.append(use.place)
        else:
            found[use.kind, use.key].places.append(use.place)
            found[use.kind, use.key].defaults.add(use.default)
    named = (_named(kind, key, one) for (kind, key), one in sorted(found.items()))
    return Templates(tuple(named), tuple(by_variable), tuple(unreadable))


def _uses() -> Iterator[Use | Unreadable]:
    for backend in engines.all():
        for kind, reader in _readers.items():
            if isinstance(backend, kind):
                yield from reader(backend)


def _uses_in_djangos(backend: DjangoTemplates) -> Iterator[Use | Unreadable]:
    for name, sources in sorted(_sources_of(backend.engine).items()):
        for origin, source in sources:
            if _MAY_NAME.search(source):
                try:
                    template = Template(source, origin, name, backend.engine)
                except TemplateSyntaxError as error:
                    yield Unreadable(name, str(error))
                else:
                    yield from _uses_of(template)
            if not _extends_itself(source, name):
                break  # the other templates of that name are never looked for


register_reader(DjangoTemplates, _uses_in_djangos)


def _sources_of(engine: Engine) -> dict[str, list[tuple[Origin, str]]]:
    """The templates by name, each with all that bear it in the order in which the engine looks for them."""
    found: dict[str, list[tuple[Origin, str]]] = defaultdict(list)
    for loader in _loaders(engine.template_loaders):
        for name in _names(loader):
            for origin in loader.get_template_sources(name):
                try:
                    found[name].append((origin, loader.get_contents(origin)))
                except (TemplateDoesNotExist, OSError, UnicodeDecodeError):
                    continue  # not there, or no text
    return found


def _loaders(loaders: Any) -> Iterator[Any]:
    """The loaders that look for templates, without those that only keep them."""
    for loader in loaders:
        inner = getattr(loader, "loaders", None)
        if inner is None:
            yield loader
        else:
            yield from _loaders(inner)


def _names(loader: Loader) -> list[str]:
    if held := getattr(loader, "templates_dict", None):
        return sorted(held)
    folders = [Path(folder) for folder in getattr(loader, "get_dirs", tuple)()]
    return sorted(
        {
            path.relative_to(folder).as_posix()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file() and path.stat().st_size <= LARGEST
        }
    )


def _extends_itself(source: str, name: str) -> bool:
    """Whether it extends the template that it takes the place of."""
    return re.search(r"\{%-?\s*extends\s+[\"']" + re.escape(name) + r"[\"']", source) is not None


def _uses_of(template: Template) -> Iterator[Use]:
    for node in _nodes(template.nodelist):
        kind, key = getattr(node, "names", None), getattr(node, "key", None)
        if kind not in (BLOCK, CTA) or not isinstance(key, FilterExpression):
            continue
        place = Place(str(template.name), (node.token and node.token.lineno) or 0, template.origin.name)
        is_written = isinstance(key.var, str) and not key.filters
        inside: NodeList | None = getattr(node, "nodelist", None)
        yield Use(kind, str(key.var) if is_written else None, place, "" if inside is None else _static(inside))


def _nodes(nodelist: NodeList) -> list[Node]:
    return [node for node in nodelist.get_nodes_by_type(Node) if not isinstance(node, ExtendsNode)]


def _static(nodelist: NodeList) -> str | None:
    """What stands between the tags, if it is the same on each page."""
    kept = [node for node in nodelist if not isinstance(node, CommentNode)]
    if not all(isinstance(node, TextNode) for node in kept):
        return None
    return "".join(node.s for node in kept if isinstance(node, TextNode)).strip()


def _named(kind: str, key: str, found: _Found) -> Named:
    places = tuple(found.places)
    if None in found.defaults:
        return Named(kind, key, places, stays=Stays.TAGS)
    if len(found.defaults) > 1:
        return Named(kind, key, places, stays=Stays.DIFFERS)
    (default,) = (text for text in found.defaults if text is not None)
    cleaned = clean_rich_text(default)
    if _Pieces.of(cleaned) != _Pieces.of(default):
        return Named(kind, key, places, stays=Stays.MARKUP)
    return Named(kind, key, places, default=cleaned)


class _Pieces(HTMLParser):
    """The tags and words of a piece of HTML, to tell whether sanitizing took anything away."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[object] = []

    @classmethod
    def of(cls, html: str) -> list[object]:
        reader = cls()
        reader.feed(html)
        reader.close()
        return reader.pieces

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append((tag, sorted((name, value or "") for name, value in attrs if name != "rel")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.pieces.extend(data.split())
