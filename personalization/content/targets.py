"""Where links lead: an address, or a target of the site by its name, which stays right when addresses change.

A named target is written as ``kind:name``, such as ``view:shop:cart``. It is looked up when the configuration is
published, once for each language, so that pages pay nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.sanitizing import is_safe_link

VIEW: Final = "view"


class TargetGone(LookupError):
    """There is nothing of that name; the message says so to editors."""


@dataclass(frozen=True, slots=True)
class TargetKind:
    """Targets that somebody knows by name."""

    kind: str
    """What stands before the first colon; letters, digits and hyphens."""
    find: Callable[[str], str]
    """Gives the address of the target of that name in the active language; raises `TargetGone`."""
    known: Callable[[], Iterable[tuple[str, str | Promise, str]]]
    """Names to offer, each with what editors call it and where it is in the active language."""


_kinds: dict[str, TargetKind] = {}


def register(kind: TargetKind) -> None:
    """Add (or replace) a kind of targets. Whatever changes where they are calls `profiles.services.publish`."""
    _kinds[kind.kind] = kind


def suggestions() -> list[tuple[str, str]]:
    """The targets that can be named, with what editors call them: one for each address, and pages alone."""
    found: dict[str, tuple[str, str]] = {}
    for kind in sorted(_kinds.values(), key=lambda kind: kind.kind == VIEW):  # what has a title of its own comes first
        for name, title, address in kind.known():
            if "." not in address.rpartition("/")[2]:  # else a file
                found.setdefault(address, (f"{kind.kind}:{name}", f"{title} ({address})"))
    return sorted(found.values(), key=lambda one: one[1].casefold())


def validate_target(link: str) -> None:
    """Refuse links that could run a script or lead nowhere.

    Raises:
        ValidationError: with what is allowed, or what is missing.
    """
    if _named(link):
        try:
            _find(link)
        except TargetGone as error:
            raise ValidationError(str(error), code="target") from None
    elif not is_safe_link(link):
        raise ValidationError(
            _("Enter a path on this site such as “/shop/”, or an address with http://, https://, mailto: or tel:."),
            code="link",
        )


def addresses_of(link: str) -> dict[str, str]:
    """The safe addresses of a link by language, under an empty text the one of all others; empty: it leads nowhere.

    >>> addresses_of("/shop/"), addresses_of("javascript:alert(1)")
    ({'': '/shop/'}, {})
    """
    if not _named(link):
        return {"": link} if is_safe_link(link) else {}
    found: dict[str, str] = {}
    for language in dict.fromkeys((settings.LANGUAGE_CODE, *dict(settings.LANGUAGES))):
        with translation.override(language):
            try:
                address = _find(link)
            except TargetGone:
                continue
        if is_safe_link(address):
            found[language] = address
    usual = found.get(settings.LANGUAGE_CODE) or next(iter(found.values()), "")
    return {"": usual} | {language: one for language, one in found.items() if one != usual} if usual else {}


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """The address with these parameters, where it is a page's; what it says already stays.

    >>> with_parameters("/shop/?utm_source=a#top", {"utm_source": "b", "utm_medium": "c d"})
    '/shop/?utm_source=a&utm_medium=c+d#top'
    >>> with_parameters("mailto:a@example.org", {"utm_source": "b"})
    'mailto:a@example.org'
    """
    parts = urlsplit(address)
    if parts.scheme not in ("", "http", "https"):
        return address
    said = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in parameters.items() if value and name not in said})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def _named(link: str) -> bool:
    return link.partition(":")[0] in _kinds


def _find(link: str) -> str:
    kind, _colon, name = link.partition(":")
    return _kinds[kind].find(name)


def _find_view(name: str) -> str:
    """The address of a view: its name, and what it needs after slashes, as in ``shop:category/boots``."""
    view, *needed = name.split("/")
    try:
        return reverse(view, args=needed)
    except NoReverseMatch:
        message = gettext("No page is called “%(name)s”. One that needs more is written as in “shop:category/boots”.")
        raise TargetGone(message % {"name": name}) from None


def _views() -> Iterable[tuple[str, str, str]]:
    """The pages that need nothing but their name; those of the admin and of Attune itself are nobody's target."""
    for name in _view_names(get_resolver(), ""):
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        title = name.rpartition(":")[2].replace("_", " ").replace("-", " ")
        yield name, title[:1].upper() + title[1:], address


def _view_names(resolver: object, prefix: str) -> Iterable[str]:
    for pattern in getattr(resolver, "url_patterns", ()):
        if hasattr(pattern, "url_patterns"):
            if pattern.app_name not in _INNER:
                yield from _view_names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern.name, str) and pattern.name and _can_be_led_to(pattern.callback, pattern.name):
            yield f"{prefix}{pattern.name}"


def _can_be_led_to(view: Callable[..., object], name: str) -> bool:
    """Whether following a link is enough, and does no harm."""
    methods = getattr(getattr(view, "view_class", None), "http_method_names", None)
    inner: object = view
    while methods is None and callable(inner):  # where the decorators of Django keep which methods they let through
        named = zip(
            getattr(getattr(inner, "__code__", None), "co_freevars", ()),
            getattr(inner, "__closure__", None) or (),
            strict=False,
        )
        methods = next((cell.cell_contents for free, cell in named if free == "request_method_list"), None)
        inner = getattr(inner, "__wrapped__", None)
    leaves = name.replace("_", "").replace("-", "") in _LEAVING or view.__module__.partition(".")[0] in _BEHIND
    return not leaves and (methods is None or any(method.upper() == "GET" for method in methods))


_LEAVING: Final = frozenset({"logout", "signout", "logoff"})
_BEHIND: Final = frozenset({"cms"})
"""Packages whose views are for editors; pages of a CMS are targets of their own kind."""
_INNER: Final = frozenset({"admin", "consent", "tracking", "personalization"})


def register_builtin() -> None:
    """Register the site's own views."""
    register(TargetKind(VIEW, _find_view, _views))
