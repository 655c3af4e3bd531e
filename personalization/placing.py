"""What the tags do, in whichever language of templates: a mistake raises while debugging, else it is logged.

In production a page always renders: a block shows what stands between its tags, a call to action nothing, and nobody is
in a segment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from consent import seldom
from personalization.content.deciding.blocks import Showing
from personalization.content.services import in_segment
from personalization.content.serving.asking import mark_unasked
from personalization.content.serving.rendering import render_block, render_body, render_cta
from personalization.errors import MisusedTag
from personalization.page import body_html, head_html, preferences_link_html, why_link_html

logger = logging.getLogger("personalization")

_NO_REQUEST: Final = (
    "{tag} has no request, so nothing can be decided. Render the template with its request: in Django's templates with "
    "'django.template.context_processors.request' among the context processors, in Jinja2's with "
    "{{% import … with context %}} where a macro has the tag."
)
_NO_NAME: Final = "{tag} takes a name, and was given {value!r}. Is the variable there, and is it spelled so?"
_NO_SHOWING: Final = "{tag} takes show={ways}, and was given {value!r}."
_INCOMPLETE: Final = (
    "{tag} is left out: {error}. Is personalization.urls included in the URLconf, and was “manage.py collectstatic” "
    "run since Attune was installed or updated?"
)
_TEXT: Final = (str, Promise)
WAYS: Final = " or ".join(repr(str(one)) for one in Showing)
"""What `show=` may be, for messages."""


def place_block(
    request: Any,
    key: object,
    *,
    body: Callable[[], str],
    render_template: Callable[[str], str],
    show: object = None,
) -> SafeString:
    """Show what the block of that name shows, or what stands between the tags.

    Args:
        request: the request that the template is rendered for; None if it has none.
        key: what the tag was given as the block's name.
        body: renders what stands between the tags.
        render_template: renders a template with the page's context.
        show: what the tag was given as `show`; empty: as the block's editors chose.
    """
    tag = "personalized_block"
    name = _name(tag, key)
    if name is None or not _has_request(request, tag, name):
        return SafeString(render_body(name or "", body))
    return render_block(request, name, body=body, render_template=render_template, show=_showing(tag, name, show))


def place_cta(request: Any, key: object) -> SafeString:
    """Show the call to action of that name, or nothing."""
    name = _name("cta", key)
    if name is None or not _has_request(request, "cta", name):
        return SafeString("")
    return render_cta(request, name)


def is_in_segment(request: Any, slug: object) -> bool:
    """Whether the page is for a visitor who is in the segment of that name."""
    name = _name("if_segment", slug)
    return name is not None and _has_request(request, "if_segment", name) and in_segment(request, name)


def place_why_link(key: object) -> SafeString:
    """Show the link to why a block shows what it shows."""
    name = _name("why_link", key)
    return SafeString("") if name is None else _made("why_link", lambda: why_link_html(name))


def place_body(request: Any) -> SafeString:
    """Show the consent banner, the same for everybody."""
    return _made("attune_body", lambda: body_html(request)) if _has_request(request, "attune_body") else SafeString("")


def place_head(request: Any) -> SafeString:
    """Show the styles and scripts, the same for everybody."""
    return _made("attune_head", lambda: head_html(request or None))


def place_preferences_link() -> SafeString:
    """Show the link to the choices, the same for everybody."""
    return _made("consent_preferences_link", preferences_link_html)


def _made(tag: str, make: Callable[[], SafeString]) -> SafeString:
    """What leads to addresses and files of ours: without them, nothing."""
    try:
        return make()
    except (NoReverseMatch, ValueError) as error:  # ValueError: what storages with a manifest raise of other files
        _complain(_INCOMPLETE, tag=_written(tag), error=error)
        return SafeString("")


def _has_request(request: Any, tag: str, name: str = "") -> bool:
    if request:
        return True
    mark_unasked()
    _complain(_NO_REQUEST, tag=_written(tag, name))
    return False


def _name(tag: str, value: object) -> str | None:
    name = str(value) if isinstance(value, _TEXT) else ""
    if name:
        return name
    _complain(_NO_NAME, tag=_written(tag), value=value)
    return None


def _showing(tag: str, name: str, value: object) -> Showing | None:
    if value is None or value == "":
        return None
    try:
        return Showing(str(value))
    except ValueError:
        _complain(_NO_SHOWING, tag=_written(tag, name), ways=WAYS, value=value)
        return None


def _written(tag: str, name: str = "") -> str:
    """The tag as it stands in a template."""
    return f'{{% {tag} "{name}" %}}' if name else f"{{% {tag} %}}"


def _complain(message: str, **values: object) -> None:
    said = message.format(**values)
    if settings.DEBUG:
        raise MisusedTag(said)
    seldom.say(logger, logging.WARNING, "%s", said, by=said)
