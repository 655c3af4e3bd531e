"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    """What visitors see."""

    name = "personalization.content"
    label = "attune_content"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to changes, bring the variants' rules and limits to the judges, and tell where segments are used."""
        from consent import stores
        from personalization.content import checks, receivers, selectors, strategies, targets
        from personalization.content.bodies import items
        from personalization.content.codes.stores import OfferCodeStore
        from personalization.content.finding import noticing
        from personalization.content.measuring import names as admin_names
        from personalization.content.revising import revisions as _revisions  # noqa: F401  # its model
        from personalization.segments import sources, usages

        strategies.register(strategies.FIRST, strategies.first, label=_("The first that fits"))
        strategies.register(strategies.UP_TO, strategies.up_to, label=_("Several that fit, in this order"))
        strategies.register(strategies.BEST, strategies.best, label=_("Those that fit, the best score first"))
        admin_names.register()
        checks.connect()
        noticing.connect()
        receivers.connect()
        sources.register("variants", selectors.variant_rules)
        sources.register("overrides", selectors.override_rules)
        sources.register("limits", selectors.limit_rules)
        usages.register("content", selectors.segment_usages)
        stores.register(OfferCodeStore())
        items.register_builtin()
        targets.register_builtin()
