"""The settings of content, read when they are asked for."""

from collections.abc import Mapping, Sequence

from django.conf import settings


class Settings:
    """Each property is one setting: its type, its default, and what it is for."""

    @property
    def PERSONALIZATION_VARIANT_TEMPLATES(self) -> Mapping[str, str]:  # noqa: N802  # a setting is spelled like this
        """The templates that a variant may show, by name, each with the name that editors choose it by.

        A mapping, or a list of template names (then editors see the template's name). None by default.
        """
        value: Mapping[str, str] | Sequence[str] = getattr(settings, "PERSONALIZATION_VARIANT_TEMPLATES", ()) or ()
        return dict(value) if isinstance(value, Mapping) else {name: name for name in value}

    @property
    def PERSONALIZATION_MAX_PAGE_VERSIONS(self) -> int:  # noqa: N802  # see above
        """The versions of one page that the page cache keeps; a page with more is not kept at all."""
        return int(getattr(settings, "PERSONALIZATION_MAX_PAGE_VERSIONS", 200))

    @property
    def PERSONALIZATION_PERSONAL_FIELDS(self) -> Sequence[str]:  # noqa: N802  # see above
        """What texts may show of what is known about the visitor who reads them, by its names."""
        return tuple(getattr(settings, "PERSONALIZATION_PERSONAL_FIELDS", ("first_name",)) or ())

    @property
    def PERSONALIZATION_GET_ITEMS(self) -> str:  # noqa: N802  # see above
        """The path of the function that tells what the site's items are: ``get_items(ids)``. None by default."""
        return str(getattr(settings, "PERSONALIZATION_GET_ITEMS", "") or "")

    @property
    def PERSONALIZATION_GET_SAMPLES(self) -> str:  # noqa: N802  # see above
        """The path of the function that names items for previews: ``get_samples(source)``. None by default."""
        return str(getattr(settings, "PERSONALIZATION_GET_SAMPLES", "") or "")

    @property
    def PERSONALIZATION_SLOW_VARIANT(self) -> float:  # noqa: N802  # see above
        """The seconds that a variant may take; what takes longer gives way to the default, and counts as a failure."""
        return float(getattr(settings, "PERSONALIZATION_SLOW_VARIANT", 2))

    @property
    def PERSONALIZATION_PREFIX(self) -> str:  # noqa: N802  # see above
        """Where blocks that come after their page are asked for, without a leading and with a trailing slash."""
        return str(getattr(settings, "PERSONALIZATION_PREFIX", "personalization/"))

    @property
    def PERSONALIZATION_BLOCKS_PER_MINUTE(self) -> int:  # noqa: N802  # see above
        """How often one address may ask for blocks in a minute."""
        return int(getattr(settings, "PERSONALIZATION_BLOCKS_PER_MINUTE", 600))

    @property
    def PERSONALIZATION_DATA_LAYER(self) -> bool:  # noqa: N802  # see above
        """Whether pages tell ``window.dataLayer`` what blocks show, to visitors who agreed to both purposes."""
        return bool(getattr(settings, "PERSONALIZATION_DATA_LAYER", False))

    @property
    def PERSONALIZATION_DATA_LAYER_SEGMENTS(self) -> Sequence[str]:  # noqa: N802  # see above
        """The segments, by their slugs, of which ``window.dataLayer`` is told who comes in and who leaves."""
        return tuple(getattr(settings, "PERSONALIZATION_DATA_LAYER_SEGMENTS", ()) or ())

    @property
    def PERSONALIZATION_FOUR_EYES(self) -> bool:  # noqa: N802  # see above
        """Whether changes of blocks wait as drafts until somebody other than their writer publishes them."""
        return bool(getattr(settings, "PERSONALIZATION_FOUR_EYES", False))


conf = Settings()
