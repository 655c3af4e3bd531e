"""What can go wrong with what the caller passed, and the root of what the rooms raise.

PersonalizationError
├── UnknownVisitor          set_traits was given something that names no visitor
├── MisusedTag              while debugging, a tag cannot do what it stands in the template for
├── InvalidTrait            personalization.profiles.errors: a trait's name or value cannot be kept
└── PresenceUnknown         personalization.segments.errors: what a request's visitor is could not be read

Rules stand alone: what is no rule is a ValueError, personalization.rules.InvalidRule.
"""


class PersonalizationError(Exception):
    """The root of this package's own errors."""


class UnknownVisitor(PersonalizationError):  # reads as what it is: the visitor is unknown
    """What was passed as the visitor names none; pass a request, or the visitor's id."""


class MisusedTag(PersonalizationError):
    """A tag got no request, no name, or a way of showing that there is not. Raised while debugging, else logged."""
