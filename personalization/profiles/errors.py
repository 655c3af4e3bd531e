"""What can go wrong with what is to be known about a visitor.

PersonalizationError
└── InvalidTrait    a trait's name or value cannot be kept
"""

from personalization.errors import PersonalizationError


class InvalidTrait(PersonalizationError, ValueError):
    """A trait's name or value cannot be kept; the message says why and what is possible."""
