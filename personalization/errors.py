"""What can go wrong with what the caller passed.

PersonalizationError
└── UnknownVisitor          set_traits was given something that names no visitor
"""


class PersonalizationError(Exception):
    """The root of this package's own errors."""


class UnknownVisitor(PersonalizationError):  # reads as what it is: the visitor is unknown
    """What was passed as the visitor names none; pass a request, or the visitor's id."""
