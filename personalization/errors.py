"""What can go wrong with what the caller passed, and the root of what the rooms raise.

PersonalizationError
├── UnknownVisitor          set_traits was given something that names no visitor
├── InvalidTrait            personalization.profiles.errors: a trait's name or value cannot be kept
└── PresenceUnknown         personalization.segments.errors: what a request's visitor is could not be read

Rules stand alone: what is no rule is a ValueError, personalization.rules.InvalidRule.
"""


class PersonalizationError(Exception):
    """The root of this package's own errors."""


class UnknownVisitor(PersonalizationError):  # reads as what it is: the visitor is unknown
    """What was passed as the visitor names none; pass a request, or the visitor's id."""
