"""What is wrong with a rule, said beside the condition where it is: in plain words, without its place."""

from __future__ import annotations

from django.utils.translation import gettext as _

from personalization.rules import InvalidRule, Rule
from personalization.rules.durations import parse_duration, spell_duration
from personalization.rules.errors import Mistake
from personalization.rules.reading import DURATION, NUMBER, TEXT


def marked(rule: object) -> list[dict[str, str]]:
    """Every mistake of a rule: its place for the script, what the field's message says of it, and what the row says."""
    try:
        Rule.parse(rule)
    except InvalidRule as error:
        return [{"place": one.place, "mistake": str(one), "text": plainly(one)} for one in error.errors]
    return []


def plainly(mistake: Mistake) -> str:
    """One mistake as whoever made it in a row reads it.

    >>> plainly(Mistake("$.all[1].at_least", "null", "a number"))
    'A number is missing.'
    >>> plainly(Mistake("$.within", '"400d"', "at most 365d"))
    'This is too long: at most 365 days.'
    """
    found, allowed = mistake.found, mistake.allowed
    longest = allowed.removeprefix("at most ")
    if allowed == NUMBER and found == "null":
        return _("A number is missing.")
    if allowed == NUMBER:
        return _("A number belongs here.")
    if allowed == "a number that is not negative":
        return _("The number may not be under 0.")
    if allowed.startswith(DURATION):
        return _("Say how long: a whole number over 0.")
    if allowed == TEXT or found in ("nothing", "null"):
        return _("Something is missing here.")
    if parse_duration(longest):
        return _("This is too long: at most %(duration)s.") % {"duration": spell_duration(longest, _)}
    if allowed.endswith('which "at_most" says'):
        return _("The first number may not be larger than the second.")
    if allowed.startswith("a pattern"):
        return _("This pattern is not understood.")
    return _("This cannot stand here: %(found)s. Allowed: %(allowed)s.") % {"found": found, "allowed": allowed}
