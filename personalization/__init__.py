"""Consent-first personalization: the apps to install. Importing this imports nothing heavy."""

APPS: tuple[str, ...] = (
    "consent",
    "tracking",
    "personalization.profiles",
    "personalization.segments",
    "personalization.content",
    "personalization",
)
