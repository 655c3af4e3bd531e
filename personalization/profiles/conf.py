"""The settings of personalization, read when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings


class Settings:
    """Each property is one setting: its type, its default, and what it is for."""

    @property
    def PERSONALIZATION_REDIS_URL(self) -> str:  # noqa: N802  # a setting is spelled like this everywhere
        """The cache Redis of the hot heads. Empty: decisions read the database."""
        return getattr(settings, "PERSONALIZATION_REDIS_URL", None) or ""

    @property
    def PERSONALIZATION_COUNTRY_HEADER(self) -> str:  # noqa: N802  # see above
        """The request header in which the site's CDN tells the visitor's country, such as "CF-IPCountry"."""
        return getattr(settings, "PERSONALIZATION_COUNTRY_HEADER", None) or ""

    @property
    def PERSONALIZATION_RULE_COOKIES(self) -> Sequence[str]:  # noqa: N802  # see above
        """The names of the cookies that rules may ask for (`cookie.<name>`)."""
        return tuple(getattr(settings, "PERSONALIZATION_RULE_COOKIES", ()))

    @property
    def PERSONALIZATION_PSEUDONYMOUS_TRAITS(self) -> Sequence[str]:  # noqa: N802  # see above
        """The names of traits whose texts and long numbers say nothing about who somebody is: analysts see them."""
        return tuple(getattr(settings, "PERSONALIZATION_PSEUDONYMOUS_TRAITS", ()))


conf = Settings()
