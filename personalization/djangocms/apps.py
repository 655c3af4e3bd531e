"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DjangoCMSConfig(AppConfig):
    """Personalization in django CMS."""

    name = "personalization.djangocms"
    label = "attune_djangocms"
    verbose_name = _("Personalization in pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring what pages say to deciding and judging, listen to changes, and keep the caches of the CMS apart."""
        from personalization.content import belongings as campaigns
        from personalization.content import grouping
        from personalization.content import sources as blocks
        from personalization.djangocms import (
            belongings,
            caching,
            cutting,
            editing,
            filling,
            four_eyes,
            groups,
            models,
            published,
            receivers,
            showing,
            targets,
            usages,
            where,
        )
        from personalization.page import leave_unmeasured
        from personalization.segments import sources as rules
        from personalization.segments import usages as uses

        blocks.register(
            "djangocms",
            published.published_blocks,
            prefix=models.KEY_PREFIX,
            renderer_of=filling.renderer_of,
            edit_url=where.edit_url,
            desk=where.desk,
            offer_of=showing.offer_of,
        )
        rules.register("djangocms variants", published.variant_rules)
        rules.register("djangocms limits", published.limit_rules)
        campaigns.register("djangocms blocks", belongings.of_blocks)
        campaigns.register("djangocms variants", belongings.of_variants)
        grouping.register("djangocms", groups.finder)
        uses.register("djangocms", usages.segment_usages)
        leave_unmeasured("djangocms", editing.is_edited)
        receivers.connect()
        four_eyes.connect()
        targets.connect()
        caching.take_place()
        cutting.take_place()
