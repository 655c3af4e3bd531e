"""Personal fields in the texts of variants: `{{ visitor.first_name|default:"there" }}`, as in variants of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest

from personalization.content.bodies.kinds import Place
from personalization.content.bodies.personal import Fields, InvalidFields, read_fields
from personalization.content.bodies.texts import PersonalText
from personalization.content.conf import conf
from personalization.content.serving.asking import mark_asked
from personalization.djangocms.models import PersonalizedBlock, Variant

TEXT: Final = "TextPlugin"
"""The plugin of djangocms-text."""
_OPENS: Final = "{{"


def fill_fields(request: HttpRequest, variant: Variant) -> None:
    """Fill in what is known of the visitor, in what is about to be rendered; what is stored stays.

    What everyone else sees is the same for all: there each field reads as it does where nothing is known.

    Raises:
        InvalidFields: a text holds in braces what is no personal field; not in what everyone else sees.
    """
    for text in _texts_with_braces(variant):
        try:
            fields = _read(text)
        except InvalidFields:
            if variant.is_default:
                continue  # nothing could come in its place
            raise
        if variant.is_default:
            text.body = fields.filled(lambda name: None)
        elif fields.names:
            mark_asked(request)
            text.body = PersonalText(fields).render(Place(request, str(variant.uuid), str, str))


def mistakes_in(variant: Variant) -> list[str]:
    """What keeps the variant's texts from being shown as they are meant, each in a sentence."""
    mistakes: dict[str, None] = {}
    for text in _texts_with_braces(variant):
        try:
            _read(text)
        except InvalidFields as error:
            mistakes |= dict.fromkeys(error.mistakes)
    return list(mistakes)


def _read(text: Any) -> Fields:
    return read_fields(text.body, allowed=conf.PERSONALIZATION_PERSONAL_FIELDS)


def _texts_with_braces(plugin: Any) -> Iterator[Any]:
    """The texts beneath a variant; those of a block in it belong to that block's variants."""
    for child in plugin.child_plugin_instances or ():
        if isinstance(child, PersonalizedBlock):
            continue
        # Texts that have nothing to do with personalization may hold other braces.
        if child.plugin_type == TEXT and _OPENS in getattr(child, "body", ""):
            yield child
        yield from _texts_with_braces(child)
