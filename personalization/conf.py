"""The settings PERSONALIZATION_*, gathered from the rooms that read them."""

from __future__ import annotations

from personalization.content.conf import Settings as ContentSettings
from personalization.profiles.conf import Settings as ProfileSettings


class Settings(ProfileSettings, ContentSettings):
    """Every setting of personalization: its type, its default, and what it is for."""


conf = Settings()
