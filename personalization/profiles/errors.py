"""What can go wrong here.

ProfileError
└── InvalidTrait    a trait's name or value cannot be kept
"""

from __future__ import annotations


class ProfileError(Exception):
    """The root of this room's errors."""


class InvalidTrait(ProfileError, ValueError):
    """A trait's name or value cannot be kept; the message says why and what is possible."""
