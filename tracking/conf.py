"""The settings TRACKING_*, read when asked for, each with its default."""

from collections.abc import Sequence
from datetime import timedelta

from consent.conf import ReadOnce

# The names of the settings are the names of the properties, hence the capitals (N802).


class Settings(ReadOnce):
    """One property a setting. `tracking.checks` holds their types and ranges."""

    @property
    def TRANSPORT(self) -> str:  # noqa: N802
        """How an accepted event becomes durable. `inline`: in the database, within the request."""
        value: str = self._get("TRACKING_TRANSPORT", "inline")
        return value

    @property
    def COLLECT_PREFIX(self) -> str:  # noqa: N802
        """Where the collector answers, without a leading and with a trailing slash."""
        value: str = self._get("TRACKING_COLLECT_PREFIX", "collect/")
        return value

    @property
    def RETENTION_DAYS(self) -> int:  # noqa: N802
        """How long events are kept; older ones are neither accepted."""
        value: int = self._get("TRACKING_RETENTION_DAYS", 400)
        return value

    @property
    def RETENTION(self) -> timedelta:  # noqa: N802
        """TRACKING_RETENTION_DAYS as a duration."""
        return timedelta(days=self.RETENTION_DAYS)

    @property
    def QUERY_PARAMETERS(self) -> Sequence[str]:  # noqa: N802
        """Which query parameters of a page's address are kept. All others may carry tokens or names."""
        value: Sequence[str] = self._get(
            "TRACKING_QUERY_PARAMETERS",
            (
                "utm_source",
                "utm_medium",
                "utm_campaign",
                "utm_term",
                "utm_content",
                "utm_id",
                "utm_source_platform",
                "utm_creative_format",
                "utm_marketing_tactic",
                "q",
                "search",
            ),
        )
        return value

    @property
    def MAX_BATCH_BYTES(self) -> int:  # noqa: N802
        """The largest body that is read as a batch."""
        value: int = self._get("TRACKING_MAX_BATCH_BYTES", 256 * 1024)
        return value

    @property
    def MAX_BATCH_EVENTS(self) -> int:  # noqa: N802
        """The most events that one batch may hold."""
        value: int = self._get("TRACKING_MAX_BATCH_EVENTS", 100)
        return value

    @property
    def BATCHES_PER_MINUTE(self) -> int:  # noqa: N802
        """How many batches one address may send in a minute."""
        value: int = self._get("TRACKING_BATCHES_PER_MINUTE", 600)
        return value

    @property
    def NOT_BOTS(self) -> Sequence[str]:  # noqa: N802
        """Words of a User-Agent header that make nobody a bot, such as HeadlessChrome where tests drive the site."""
        value: Sequence[str] = self._get("TRACKING_NOT_BOTS", ())
        return value

    @property
    def RETRY_AFTER(self) -> int:  # noqa: N802
        """Seconds after which a sender should try again when nothing can be stored."""
        value: int = self._get("TRACKING_RETRY_AFTER", 5)
        return value

    @property
    def REFUSALS_EVERY(self) -> float:  # noqa: N802
        """Seconds within which what was refused is counted; 0: each time at once, with a write for each request."""
        value: float = self._get("TRACKING_REFUSALS_EVERY", 1.0)
        return value


settings = Settings()
