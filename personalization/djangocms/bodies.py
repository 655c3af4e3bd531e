"""What a page can show that variants of the admin can, too, as plugins: lists of items, pictures and offers."""

import uuid
from typing import Any, Final, cast

from cms.models.pluginmodel import CMSPlugin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.items import source_called
from personalization.content.bodies.kinds import BodyKind, content_of
from personalization.content.bodies.registry import KINDS
from personalization.content.deciding.blocks import Body
from personalization.content.mixins import Bodied, Scheduled, with_codes, with_picture
from personalization.djangocms.versions import rename_copy

KIND_OF: Final = {"ItemListPlugin": "items", "PicturePlugin": "image", "OfferPlugin": "offer"}
"""The kinds of bodies by the plugins that show them."""


class _WithChosen(models.Manager[Any]):
    """Reads plugins with the picture and the stock that they show."""

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("picture", "code_stock")


class BodyPlugin(Bodied, CMSPlugin):
    """One body of a kind that the admin knows, with the columns in which a variant of the admin keeps it."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    picture = with_picture("plugins")
    code_stock = with_codes(
        "plugins",
        help_text=_(
            "Each visitor gets one code, once, by a click. Shown only to those who agreed to personalization, as it is "
            "noted who has which, and while some are left. A variant that holds nothing else then makes room for the "
            "next."
        ),
    )

    objects: Any = _WithChosen()

    class Meta:
        verbose_name = _("content in a page")
        verbose_name_plural = _("contents in pages")

    def __str__(self) -> str:
        if KIND_OF.get(self.plugin_type) == "items":
            source = source_called(str(self._kept("items_source")))
            return str(source.label) if source else gettext("a list that is not there any more")
        if KIND_OF.get(self.plugin_type) == "image":
            return str(self.picture) if self.picture else gettext("no picture")
        return Truncator(strip_tags(self.body)).words(8)

    def clean(self) -> None:
        """Hold together what its kind wants."""
        super().clean()
        if mistakes := self.kind.mistakes(cast(Any, self)):
            raise ValidationError(dict(mistakes))

    def copy_relations(self, old_instance: "BodyPlugin") -> None:
        """Stay the same offer in the next version of the page, so that its buttons go on working."""
        rename_copy(self, old_instance)

    @property
    def kind(self) -> BodyKind:
        """Its kind."""
        return KINDS[KIND_OF[self.plugin_type]]

    def published(self) -> Body:
        """What it shows, ready to be rendered."""
        return self.kind.publish(cast(Any, self))

    @property
    def scheduled(self) -> list[Scheduled]:
        """What says until when it is shown: the variants around it, and the campaigns of these and of their blocks."""
        from personalization.djangocms.models import PersonalizedBlock

        variants = self.variants_around()
        blocks = PersonalizedBlock.objects.filter(pk__in={variant.parent_id for variant in variants})
        held = [*variants, *blocks.exclude(campaign=None).select_related("campaign")]
        return [*variants, *(one.campaign for one in held if one.campaign is not None)]

    def variants_around(self) -> list[Any]:
        """The variants that it stands in but those for everyone else, which have no schedule; the outermost first."""
        from personalization.djangocms.models import Variant

        around = [plugin.pk for plugin in self.get_ancestors()]
        variants = Variant.objects.filter(pk__in=around).select_related("campaign").order_by("position")
        return [variant for variant in variants if not variant.is_default]

    def _kept(self, name: str) -> Any:
        return content_of(cast(Any, self), name)
