"""What a preview assumes, in plain words: for its bar."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.content.previewing.preview import Preview
from personalization.segments.models import Segment

DEVICES: Final = {
    "mobile": gettext_lazy("Phone"),
    "tablet": gettext_lazy("Tablet"),
    "desktop": gettext_lazy("Computer"),
}
"""What visitors look with, by the names that rules have for it."""


def in_words(preview: Preview) -> list[str]:
    """Each thing that is assumed, in a few words."""
    return list(chain(_who(preview), _how(preview)))


def _who(preview: Preview) -> Iterator[str]:
    assumed = preview.assumed
    if preview.drafts:
        yield _("with the drafts that wait")
    if preview.chosen:
        yield _("one variant, whoever it is for")
    if not assumed.agreed:
        yield _("has not agreed to personalization")
    if assumed.segments:
        names = dict(Segment.objects.filter(slug__in=assumed.segments).values_list("slug", "name"))
        yield ", ".join(f"“{names.get(slug, slug)}”" for slug in assumed.segments)
    for name, value in assumed.known.items():
        yield f"{name}: {value}"


def _how(preview: Preview) -> Iterator[str]:
    assumed = preview.assumed
    if assumed.language:
        yield str(dict(settings.LANGUAGES).get(assumed.language, assumed.language))
    if assumed.country:
        yield _("from %(country)s") % {"country": assumed.country}
    if assumed.device:
        yield str(DEVICES.get(assumed.device, assumed.device))
    if assumed.logged_in:
        yield _("logged in")
    if assumed.is_team:
        yield _("one of the team")
    if assumed.at:
        yield date_format(timezone.localtime(assumed.at), "DATETIME_FORMAT")
