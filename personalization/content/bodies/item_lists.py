"""A list of items as the body of a variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.items import Asker, Item, items_of, source_called
from personalization.content.bodies.kinds import NothingToShow, Place, content_of
from personalization.content.bodies.samples import may_show_samples, placeholders, sample_ids, sample_title
from personalization.content.conf import conf
from personalization.content.serving.cutting import look_at_the_time, render_in_time

if TYPE_CHECKING:
    from personalization.content.models import Variant

TEMPLATE: Final = "personalization/items.html"
"""How a list looks; sites put a template of their own in its place by this name."""
MOST_ITEMS: Final = 12
USUAL_ITEMS: Final = 4


@dataclass(frozen=True, slots=True)
class ItemList:
    """Items that a source names for each visitor."""

    source: str
    count: int
    title: str = ""
    html: str = ""
    is_personal: bool = True
    layout: str = ""

    def found(self, request: HttpRequest) -> list[Item]:
        """Ask the source, then the site; in a preview, show samples in the place of nothing."""
        return self._own(request) or self._samples(request)

    def _own(self, request: HttpRequest) -> list[Item]:
        source = source_called(self.source)
        if source is None:
            raise LookupError(f"Nobody names items under {self.source!r} any more: choose another list in the admin.")
        ids = source.find(Asker(request))
        look_at_the_time()
        return list(items_of(ids)[: self.count])

    def _samples(self, request: HttpRequest) -> list[Item]:
        if not (may_show_samples(request) and conf.PERSONALIZATION_GET_ITEMS):
            return []
        return items_of(sample_ids(self.source, here=request.path))[: self.count] or placeholders(self.count)

    def render(self, place: Place) -> str:
        """Show what is found.

        Raises:
            NothingToShow: the source names nothing, or nothing that the site still has.
        """
        own = self._own(place.request)
        items = own or self._samples(place.request)
        if not items:
            raise NothingToShow
        title = self.title if own else sample_title(place.request, self.title)
        context = {"items": items, "title": title, "source": self.source, "request": place.request}
        return render_in_time(TEMPLATE, context)


class ListBody:
    """Items from one of the registered sources."""

    fields = ("items_source", "items_count", "items_title")
    makes_room = True

    def is_empty(self, variant: Variant) -> bool:
        """Nobody names items for it, or says what they are."""
        return bool(self.mistakes(variant))

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """A source must be chosen, and the site must be able to say what the items are."""
        if source_called(content_of(variant, "items_source")) is None:
            return {"items_source": ValidationError(_("Choose what is listed."), code="missing")}
        if not conf.PERSONALIZATION_GET_ITEMS:
            message = _("The site does not tell yet what its items are. Your developer sets %(setting)s.")
            params = {"setting": "PERSONALIZATION_GET_ITEMS"}
            return {"items_source": ValidationError(message, code="setting", params=params)}
        return {}

    def publish(self, variant: Variant) -> ItemList:
        """Take down what the editor chose."""
        count = content_of(variant, "items_count", USUAL_ITEMS)
        return ItemList(
            source=str(content_of(variant, "items_source")),
            count=count if isinstance(count, int) and 0 < count <= MOST_ITEMS else USUAL_ITEMS,
            title=str(content_of(variant, "items_title")),
        )
