"""A choice as it comes over the wire: JSON from the banner, a form from the preferences page."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from consent.conf import settings
from consent.errors import BodyTooLarge, MalformedChoice, UnknownPurpose
from consent.gate import Choice
from consent.purposes import BY_CODE

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

_OWN_FIELDS = frozenset({"policy", "next", "all", "csrfmiddlewaretoken"})
_TICKED = {"granted": True, "on": True, "true": True, "1": True, "refused": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Posted:
    """What was sent: the choices, the version of the texts that were shown (None: not said), where to go next."""

    choices: Mapping[str, bool]
    policy: str | None
    next: str = ""


class ChoiceBody(msgspec.Struct, forbid_unknown_fields=True):
    """A choice: what is agreed to or refused, and of which texts; a purpose that is not named stays as it was."""

    choices: dict[str, bool]
    policy: str | None = None


class PurposeText(msgspec.Struct):
    """A purpose that is asked about, in the language of the request."""

    code: str
    title: str
    text: str


class ConsentBody(msgspec.Struct):
    """What is asked, and what this browser has chosen."""

    purposes: list[PurposeText]
    choices: dict[str, Choice]
    policy: str


_decoder = msgspec.json.Decoder(ChoiceBody)


def is_form(request: HttpRequest) -> bool:
    """Whether the body is a form's, so that a person looks at the answer."""
    return request.content_type in FORM_TYPES


def read(request: HttpRequest) -> Posted:
    """The choice in the body. Raises BodyTooLarge, MalformedChoice or UnknownPurpose."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > settings.MAX_BODY_BYTES:
        raise BodyTooLarge(_("The body may hold %(limit)d bytes.") % {"limit": settings.MAX_BODY_BYTES})
    try:
        return _read_form(request) if is_form(request) else decode(request.body)
    except (MultiPartParserError, UnreadablePostError, BadRequest, SuspiciousOperation) as error:
        raise MalformedChoice(_("The body cannot be read.")) from error


def decode(body: bytes) -> Posted:
    """A choice in JSON: {"choices": {"analytics": true}, "policy": "…"}."""
    if len(body) > settings.MAX_BODY_BYTES:
        raise BodyTooLarge(_("The body may hold %(limit)d bytes.") % {"limit": settings.MAX_BODY_BYTES})
    try:
        body.decode()  # msgspec looks at the bytes of the texts that it reads only
        posted = _decoder.decode(body)
    except UnicodeDecodeError as error:
        raise MalformedChoice(_("The body is not valid UTF-8.")) from error
    except RecursionError as error:
        raise MalformedChoice(_("The body is nested too deeply.")) from error
    except msgspec.MsgspecError as error:
        raise MalformedChoice(_("The body is not a choice: %(error)s.") % {"error": error}) from error
    _refuse_nul(posted.policy or "", *posted.choices)
    return Posted(choices=posted.choices, policy=posted.policy)


def _read_form(request: HttpRequest) -> Posted:
    form = request.POST
    _refuse_nul(*form, *(value for _key, values in form.lists() for value in values))
    unknown = sorted(field for field in form if field not in BY_CODE and field not in _OWN_FIELDS)
    if unknown:
        raise UnknownPurpose(_("Unknown purpose: %(unknown)s.") % {"unknown": ", ".join(f[:50] for f in unknown[:5])})
    if not form:  # a broken body may parse as nothing at all, and must not read as taking everything back
        raise MalformedChoice(_("The form is empty."))
    everything = form.get("all")
    if everything is not None:  # one of the buttons that answer for every purpose at once
        choices = dict.fromkeys(BY_CODE, _ticked("all", everything))
    else:
        choices = {code: code in form and _ticked(code, form[code]) for code in BY_CODE}
    return Posted(choices=choices, policy=form.get("policy") or None, next=form.get("next", ""))


def _ticked(field: str, value: str) -> bool:
    try:
        return _TICKED[value]
    except KeyError:
        raise MalformedChoice(
            _("%(field)s is neither granted nor refused: %(value)s") % {"field": field, "value": value[:50]}
        ) from None


def _refuse_nul(*texts: str) -> None:
    if any("\0" in text for text in texts):
        raise MalformedChoice(_("The body holds a NUL character."))
