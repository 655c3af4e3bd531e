"""The words of the rows in which rules are built: operators, measures, units, buttons and labels."""

from __future__ import annotations

from django.utils.translation import gettext as _


def tests() -> list[dict[str, object]]:
    """What can be asked of a value, and of which kinds of values."""
    every, texts, numbers = ("text", "number", "boolean", "any"), ("text", "any"), ("number", "any")
    listed = ("text", "number", "any")
    rows: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("is", _("is"), every),
        ("is_not", _("is not"), every),
        ("at_least", _("is at least"), numbers),
        ("at_most", _("is at most"), numbers),
        ("between", _("is from … to"), numbers),
        ("contains", _("contains"), texts),
        ("starts_with", _("starts with"), texts),
        ("ends_with", _("ends with"), texts),
        ("in", _("is one of"), listed),
        ("not_in", _("is none of"), listed),
        ("matches", _("matches the pattern"), texts),
        ("exists", _("is known"), every),
        ("missing", _("is not known"), every),
    )
    return [{"value": name, "label": label, "kinds": kinds} for name, label, kinds in rows]


def measures() -> list[dict[str, object]]:
    """What can be counted or measured of events, and whether of numbers or of any property."""
    rows = (
        ("count", _("how many times"), ""),
        ("sessions", _("in how many visits"), ""),
        ("distinct", _("how many different"), "any"),
        ("sum", _("the sum of"), "number"),
        ("average", _("the average of"), "number"),
        ("minimum", _("the smallest"), "number"),
        ("maximum", _("the largest"), "number"),
        ("duration", _("seconds from the first to the last time"), ""),
    )
    return [{"value": name, "label": label, "of": of} for name, label, of in rows]


def units() -> list[dict[str, str]]:
    """Of durations."""
    rows = (("s", _("seconds")), ("m", _("minutes")), ("h", _("hours")), ("d", _("days")), ("w", _("weeks")))
    return [{"value": unit, "label": label} for unit, label in rows]


def texts() -> dict[str, str]:
    """Everything else that the rows say."""
    return {
        "add": _("Add a condition"),
        "add_here": _("Add a condition to this box"),
        "add_rule": _("Add a rule"),
        "add_this": _("Add this condition"),
        "all": _("All of these must hold"),
        "any": _("At least one of these must hold"),
        "none": _("None of these may hold"),
        "notall": _("Not all of these may hold"),
        "and": _("and"),
        "or": _("or"),
        "anything": _("Did anything"),
        "as_rows": _("As conditions"),
        "as_text": _("As text"),
        "at_least": _("at least"),
        "at_most": _("at most"),
        "between": _("from … to"),
        "exactly": _("exactly"),
        "never": _("never"),
        "once": _("at least once"),
        "box": _("Box of conditions"),
        "condition": _("Condition"),
        "conditions": _("Conditions"),
        "close": _("Close"),
        "done": _("Done"),
        "edit": _("Edit the rule"),
        "edit_text": _("Edit as text"),
        "ever": _("ever"),
        "event": _("What they did"),
        "field": _("What about the visit"),
        "found_in": _("where"),
        "for_at_least": _("since, for at least"),
        "has_not": _("but not"),
        "how_often": _("How often"),
        "how_long": _("How long"),
        "in_the_last": _("in the last"),
        "this_visit": _("in this visit"),
        "previous_visit": _("in the visit before"),
        "is_in": _("They are in the segment"),
        "is_not_in": _("They are not in the segment"),
        "is_it": _("Is it so"),
        "kind_label": _("Which condition"),
        "known": _("Known about the visitor"),
        "look": _("Look at the conditions that are marked."),
        "measure": _("What is counted"),
        "more": _("More …"),
        "more_measure": _("count or add up something else"),
        "more_or": _("or something else that they did"),
        "more_per": _("all with the same …"),
        "more_where": _("only where …"),
        "name": _("Its name in the address"),
        "no": _("no"),
        "none_yet": _("No condition yet: add one."),
        "not_json": _("This is not written as rules are. Go on, or close without it."),
        "number": _("Number"),
        "number_to": _("Number at most"),
        "nothing_stored": _("decided at each visit, nothing stored"),
        "of": _("of what"),
        "one_a_line": _("one in each line"),
        "per": _("all with the same"),
        "per_session": _("visit"),
        "property": _("Property"),
        "ready": _("Ready-made:"),
        "remove": _("Remove"),
        "same_visit": _("all in one visit"),
        "seen": _("When"),
        "seen_beyond": _("at least so long ago:"),
        "seen_first": _("They came for the first time"),
        "seen_last": _("They were here last"),
        "seen_previous": _("They were here before this visit"),
        "segment": _("Segment"),
        "test": _("What must hold of it"),
        "text": _("The condition as text"),
        "times": _("times"),
        "unit": _("Unit"),
        "value": _("Value"),
        "values": _("Values, one in each line"),
        "when": _("In which time"),
        "yes": _("yes"),
    }
