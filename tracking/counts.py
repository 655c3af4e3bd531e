"""How many people, as staff may read it: a small number may be somebody one knows."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.formats import number_format
from django.utils.translation import gettext

SMALL: Final = 10
"""Counts of people under this are shown to those only who may see small counts."""

SEE_SMALL_COUNTS: Final = "attune_tracking.see_small_counts"


def may_see_small_counts(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person may know exactly how many, also of a few."""
    return bool(getattr(user, "has_perm")(SEE_SMALL_COUNTS))  # noqa: B009  # any class of users that has permissions


def people_in_words(count: int, *, exact: bool) -> str:
    """A number of people for reading: below ten just that, unless `exact`."""
    if count < SMALL and not exact:
        return gettext("under %(number)s") % {"number": SMALL}
    return number_format(count, force_grouping=True)
