"""Which blocks and calls to action the templates of the project name, where, and with what between the tags."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template import Engine, NodeList, Origin, Template, TemplateDoesNotExist, TemplateSyntaxError, engines
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
_LARGEST: Final = 1_000_000
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


def read_templates() -> Templates:
    """Read every template that the project's Django engines would find. They change with the code, so once a process.

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
    for engine in _engines():
        for name, sources in sorted(_sources_of(engine).items()):
            for origin, source in sources:
                template = None
                if _MAY_NAME.search(source):
                    try:
                        template = Template(source, origin, name, engine)
                    except TemplateSyntaxError as error:
                        unreadable.append((name, str(error)))
                if template is not None:
                    _collect(template, found, by_variable)
                if not _extends_itself(source, name):
                    break  # the other templates of that name are never looked for
    named = (_named(kind, key, one) for (kind, key), one in sorted(found.items()))
    return Templates(tuple(named), tuple(by_variable), tuple(unreadable))


def _engines() -> Iterator[Engine]:
    return (backend.engine for backend in engines.all() if isinstance(backend, DjangoTemplates))


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
            if path.is_file() and path.stat().st_size <= _LARGEST
        }
    )


def _extends_itself(source: str, name: str) -> bool:
    """Whether it extends the template that it takes the place of."""
    return re.search(r"\{%-?\s*extends\s+[\"']" + re.escape(name) + r"[\"']", source) is not None


def _collect(template: Template, found: dict[tuple[str, str], _Found], by_variable: list[Place]) -> None:
    for node in _nodes(template.nodelist):
        kind, key = getattr(node, "names", None), getattr(node, "key", None)
        if kind not in (BLOCK, CTA) or not isinstance(key, FilterExpression):
            continue
        place = Place(str(template.name), (node.token and node.token.lineno) or 0, template.origin.name)
        if not isinstance(key.var, str) or key.filters:
            by_variable.append(place)
            continue
        one = found[kind, str(key.var)]
        one.places.append(place)
        inside: NodeList | None = getattr(node, "nodelist", None)
        one.defaults.add("" if inside is None else _static(inside))


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
