"""What can go wrong here.

SegmentError
└── PresenceUnknown     what a request's visitor is could not be read, and is not asked again
"""

from __future__ import annotations


class SegmentError(Exception):
    """The root of this room's errors."""


class PresenceUnknown(SegmentError):
    """What the visitor is could not be read earlier in this request; the log says why."""
