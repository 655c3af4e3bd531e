"""Consent-first personalization: the apps to install. Importing this imports nothing heavy."""

APPS: tuple[str, ...] = (
    "consent",
    "tracking",
    "personalization.profiles",
    "personalization.scoring",
    "personalization.segments",
    "personalization.content",
    "personalization",
    # The editor of rich text in the admin: its styles and scripts come from there.
    "django_prose_editor",
)
