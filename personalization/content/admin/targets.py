"""Links in forms and lists of the admin: what leads to a page of the site is called by the page's title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from personalization.content.targets import suggestions


class TargetField(forms.CharField):
    """A link: an address, or one of the offered titles, which is kept as the name of its target."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The admin makes the field anew for each request, and lines of a table have copies of it: they share this.
        self._titles: dict[str, str] = {}
        self.widget.attrs |= {"list": "attune-targets", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Show what is kept by its title."""
        return self._offered.get(value, value)

    def to_python(self, value: Any) -> str:
        """Read a title as what it is of."""
        link = super().to_python(value) or ""
        return {title: name for name, title in self._offered.items()}.get(link, link)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is kept with what would be."""
        return super().has_changed(initial, self.to_python(data))

    @property
    def _offered(self) -> dict[str, str]:
        if not self._titles:
            self._titles.update(suggestions())
        return self._titles


def links_in_words() -> Callable[[Any], str]:
    """A column of a list that says where each of its rows leads, read once for all of them."""
    titles = dict(suggestions())

    def leads_to(row: Any) -> str:
        return titles.get(row.url, str(row.url))

    leads_to.short_description = _("leads to")  # type: ignore[attr-defined]  # what Django's admin looks for
    return leads_to
