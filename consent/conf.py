"""The settings CONSENT_*, read when asked for, each with its default."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed


class ReadOnce:
    """Settings that keep what Django answered, until a test changes it."""

    def __init__(self) -> None:
        # Asking Django for a setting that is not set raises and catches within, and a request asks for many.
        self._read: dict[str, Any] = {}
        setting_changed.connect(self._forget)

    def _get(self, name: str, default: Any) -> Any:
        if name not in self._read:
            self._read[name] = getattr(django_settings, name, default)
        return self._read[name]

    def _forget(self, *, setting: str, **_: Any) -> None:
        self._read.pop(setting, None)


class Settings(ReadOnce):
    """One property a setting. `consent.checks` holds their types and ranges."""

    @property
    def MAX_AGE(self) -> timedelta:  # noqa: N802  # the setting's own name
        """How long a choice, granted or refused, is remembered before the visitor is asked again."""
        value: timedelta = self._get("CONSENT_MAX_AGE", timedelta(days=180))
        return value

    @property
    def COOKIE_DOMAIN(self) -> str | None:  # noqa: N802  # the setting's own name
        """A domain that shares the cookies with its subdomains; unset, cookies belong to the host alone."""
        value: str | None = self._get("CONSENT_COOKIE_DOMAIN", None)
        return value or None

    @property
    def ALLOWED_ORIGINS(self) -> Sequence[str]:  # noqa: N802  # the setting's own name
        """Further hosts (`shop.example.org`, `.example.org`, `localhost:3000`) whose pages may post to us."""
        value: Sequence[str] = self._get("CONSENT_ALLOWED_ORIGINS", ())
        return value

    @property
    def PREFIX(self) -> str:  # noqa: N802  # the setting's own name
        """Where the consent endpoint and the preferences page answer, without a leading and with a trailing slash."""
        value: str = self._get("CONSENT_PREFIX", "consent/")
        return value

    @property
    def POSTS_PER_MINUTE(self) -> int:  # noqa: N802  # the setting's own name
        """How many choices one address may send in a minute."""
        value: int = self._get("CONSENT_POSTS_PER_MINUTE", 120)
        return value

    @property
    def MAX_BODY_BYTES(self) -> int:  # noqa: N802  # the setting's own name
        """The largest body that is read as a choice."""
        value: int = self._get("CONSENT_MAX_BODY_BYTES", 16 * 1024)
        return value

    @property
    def THROTTLE_URL(self) -> str | None:  # noqa: N802  # the setting's own name
        """The Redis that counts requests for all processes together; unset, each process counts its own."""
        value: str | None = self._get("CONSENT_THROTTLE_URL", None)
        return value or None

    @property
    def ADDRESS_HEADER(self) -> str | None:  # noqa: N802  # the setting's own name
        """The header in which your own proxy hands on the client's address, such as `X-Forwarded-For`."""
        value: str | None = self._get("CONSENT_ADDRESS_HEADER", None)
        return value or None


settings = Settings()
