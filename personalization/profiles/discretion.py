"""What of that which is known about a visitor is shown to those who know visitors by pseudonyms only.

Numbers and truths say what somebody is like, texts may say who it is. So texts are not shown, unless the site lists the
trait; neither are numbers so long that they may be a telephone's or a customer's, nor any under a name that says so.
"""

from __future__ import annotations

from typing import Final

from personalization.profiles.conf import conf
from personalization.rules import Decaying
from tracking.pseudonyms import is_identifying

LONG_NUMBER: Final = 1_000_000
"""From here on a whole number may be one that a person is known by."""


def names_nobody(name: str, value: object) -> bool:
    """Whether this trait with this value may be shown without saying who it is about.

    >>> [names_nobody("visits", value) for value in (12, 0.25, True, "often", 49_151_234_567.0)]
    [True, True, True, False, False]
    >>> names_nobody("phone_extension", 12), names_nobody("email_confirmed", True)
    (False, True)
    """
    if isinstance(value, bool | Decaying) or name in conf.PERSONALIZATION_PSEUDONYMOUS_TRAITS:
        return True
    if not isinstance(value, int | float) or is_identifying(name):
        return False
    return abs(value) < LONG_NUMBER or value != int(value)


class Pseudonymous:
    """Which values reasons keep to themselves when a person's name is not to be learned (`rules.facts.Discretion`)."""

    def hides_trait(self, name: str, value: object) -> bool:
        """Whether reasons leave out this value of the trait."""
        return value is not None and not names_nobody(name, value)

    def hides_property(self, name: str) -> bool:
        """Whether reasons leave out the values of this property of events."""
        return is_identifying(name)
