"""The languages that the site speaks, as editors choose among them."""

from collections.abc import Iterable
from typing import Any

from django.conf import global_settings, settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def site_languages() -> list[tuple[str, str]]:
    """The languages to choose among, (code, name); none where the site has only one, or did not say which it has."""
    if not settings.USE_I18N or settings.LANGUAGES is global_settings.LANGUAGES:  # that one has all that there are
        return []
    languages = [(str(code), str(name)) for code, name in settings.LANGUAGES]
    return languages if len(languages) > 1 else []


def language_choices(chosen: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The site's languages, and those that are chosen already though the site no longer has them."""
    languages = site_languages()
    return [*languages, *((code, code) for code in chosen if code not in dict(languages))]


def language_names(codes: Iterable[str]) -> str:
    """The names of these languages, for people."""
    names = dict(site_languages())
    return ", ".join(names.get(code, code) for code in codes)


def validate_languages(value: Any) -> None:
    """Refuse what is no list of language codes.

    Raises:
        ValidationError: with what is allowed.
    """
    if not (isinstance(value, list) and all(isinstance(code, str) and code for code in value)):
        raise ValidationError(_("Give a list of language codes, such as “de”."), code="languages")
