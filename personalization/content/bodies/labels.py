"""Personal fields in what a call to action says: `Continue, {{ visitor.first_name|default:"you" }}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape
from typing import Final

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from personalization.content.bodies.personal import Fields, InvalidFields, read_fields
from personalization.content.conf import conf
from personalization.content.deciding.calls import CallToActionDecision

_BRACES: Final = re.compile(r"\{[{%#]|[}%#]\}")
_NAMES: Final = re.compile(r"visitor\.([A-Za-z_][A-Za-z0-9_]*)", re.ASCII)


def filled(decision: CallToActionDecision, known: Callable[[str], object]) -> CallToActionDecision:
    """The decision with the label as a visitor reads it of whom this is known; the same one, if there is no field.

    A field whose name is not, or no longer, in PERSONALIZATION_PERSONAL_FIELDS reads as where nothing is known. What
    is no field, in a label from other hands than the admin's, stays as it is. The label stays plain text.
    """
    look = decision.look
    fields = _read(look.label) if look is not None and "{{" in look.label else None
    if look is None or fields is None:
        return decision
    allowed = conf.PERSONALIZATION_PERSONAL_FIELDS

    def said_of(name: str) -> str | int | float | bool | None:
        value = known(name) if name in allowed else None
        return value if isinstance(value, str | int | float | bool) else None

    return msgspec.structs.replace(decision, look=replace(look, label=unescape(fields.filled(said_of))))


def mistakes_in(label: str) -> list[ValidationError]:
    """What keeps a label from being saved: braces that are no personal field, and words for nobody but who is known."""
    if not _BRACES.search(label):
        return []
    try:
        fields = read_fields(escape(label), allowed=conf.PERSONALIZATION_PERSONAL_FIELDS)
    except InvalidFields as error:
        return [ValidationError(one, code="fields") for one in error.mistakes]
    if fields.filled(lambda name: None).strip():
        return []
    return [ValidationError(_("Say something to those of whom it is not known, too."), code="blank")]


@lru_cache(maxsize=500)
def _read(label: str) -> Fields | None:
    try:
        fields = read_fields(escape(label), allowed=frozenset(_NAMES.findall(label)))
    except InvalidFields:
        return None
    return fields if fields.names else None
