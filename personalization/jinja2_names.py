"""Which blocks and calls to action the templates of Jinja2 name: read from what Jinja2 itself makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, TemplateError, nodes

from personalization.content.finding.template_names import BLOCK, CTA, LARGEST, Place, Unreadable, Use

EXTENSION: Final = "personalization.jinja2.PersonalizationExtension"
_NAMING: Final = {"_block": BLOCK, "_cta": CTA}
"""The methods that tags become calls of; what they name is the first argument."""
_TAGS: Final = ("personalized_block", "cta")


def uses_in_jinja2(backend: Jinja2) -> Iterator[Use | Unreadable]:
    """Every tag in the templates that this engine can list, those that shadow others alone."""
    environment = backend.env
    if EXTENSION not in environment.extensions or environment.loader is None:
        return
    try:
        names = environment.loader.list_templates()
    except TypeError:
        return  # its loader gives templates by their names alone
    for name in names:
        try:
            source, path, _is_current = environment.loader.get_source(environment, name)
        except (TemplateError, OSError, UnicodeDecodeError, RuntimeError):
            continue  # not there, or no text
        if len(source) <= LARGEST and any(tag in source for tag in _TAGS):
            try:
                yield from _uses_of(environment, source, name, path or name)
            except TemplateError as error:
                yield Unreadable(name, str(error))


def _uses_of(environment: Environment, source: str, name: str, path: str) -> list[Use]:
    tree = environment.parse(source, name, path)
    bodies = {id(block.call): block.body for block in tree.find_all(nodes.CallBlock)}
    found = []
    for call in tree.find_all(nodes.Call):
        tag = call.node
        if not isinstance(tag, nodes.ExtensionAttribute) or tag.identifier != EXTENSION or tag.name not in _NAMING:
            continue
        key = call.args[0]
        written = key.value if isinstance(key, nodes.Const) and isinstance(key.value, str) else None
        default = _static(bodies.get(id(call), []))
        found.append(Use(_NAMING[tag.name], written, Place(name, call.lineno, path), default))
    return found


def _static(body: list[nodes.Node]) -> str | None:
    """What stands between the tags, if it is the same on each page."""
    pieces = [piece for node in body for piece in (node.nodes if isinstance(node, nodes.Output) else [node])]
    if not all(isinstance(piece, nodes.TemplateData) for piece in pieces):
        return None
    return "".join(piece.data for piece in pieces if isinstance(piece, nodes.TemplateData)).strip()
