"""The names by which templates ask for blocks and calls to action."""

from typing import Final

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

KEY_PATTERN: Final = r"\A[a-z0-9]+(?:[-_][a-z0-9]+)*\Z"

validate_key = RegexValidator(
    KEY_PATTERN, _("Use lower-case letters, digits, hyphens and underscores, such as “home-hero”."), code="key"
)
