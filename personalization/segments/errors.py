"""What can go wrong in asking who a visitor is.

PersonalizationError
└── PresenceUnknown     what a request's visitor is could not be read, and is not asked again
"""

from personalization.errors import PersonalizationError


class PresenceUnknown(PersonalizationError):
    """What the visitor is could not be read earlier in this request; the log says why."""
