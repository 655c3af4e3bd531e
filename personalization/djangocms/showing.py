"""What lists, pictures and offers in a page show: to visitors, and to who edits the page."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.content.bodies.kinds import NothingToShow, Place
from personalization.content.bodies.offers import Offer
from personalization.content.bodies.samples import try_out
from personalization.content.serving import mishaps
from personalization.content.serving.asking import mark_asked
from personalization.djangocms.bodies import BodyPlugin
from personalization.djangocms.emptiness import is_in_variant, say_nothing
from personalization.djangocms.models import PersonalizedBlock
from personalization.djangocms.versions import visible

logger = logging.getLogger("personalization.djangocms")


def shown(request: HttpRequest, plugin: BodyPlugin) -> SafeString:
    """Render it for this visitor; one that has nothing for them is nothing.

    Where a variant holds it, what goes wrong is raised: the variant fails, and the block shows what comes instead.
    """
    try:
        return _rendered(request, plugin)
    except NothingToShow:
        say_nothing()
    except Exception:
        if is_in_variant():
            raise
        mark_asked(request)  # no cache keeps a page that went wrong
        mishaps.say(logger, "The plugin %r could not be rendered: nothing is shown.", str(plugin))
    return SafeString("")


def shown_to_editor(request: HttpRequest, plugin: BodyPlugin) -> tuple[SafeString, str]:
    """Render it as far as there is something for who edits the page; else say why there is nothing."""
    try_out(request)
    try:
        html, hint = _rendered(request, plugin), ""
    except NothingToShow:
        html = SafeString("")
        hint = _("There is nothing in it for you at the moment: each visitor sees what is theirs.")
    except Exception as error:
        logger.info("The plugin %r could not be shown to its editor.", str(plugin), exc_info=True)
        html, hint = SafeString(""), _("This cannot be shown: %(error)s.") % {"error": type(error).__name__}
    return html, f"{plugin}: {hint}" if hint else ""


def offer_of(uuid: str) -> tuple[Offer, list[tuple[str, str]]] | None:
    """The offer of a published page, with the names of the blocks and the variants that it stands in."""
    plugin = visible(BodyPlugin.objects.filter(uuid=uuid, plugin_type="OfferPlugin")).first()
    if plugin is None:
        return None
    variants: list[Any] = plugin.variants_around()
    blocks = PersonalizedBlock.objects.in_bulk([variant.parent_id for variant in variants])
    body = plugin.published()
    around = [(blocks[variant.parent_id].key, str(variant.uuid)) for variant in variants]
    return (body, around) if isinstance(body, Offer) else None


def _rendered(request: HttpRequest, plugin: BodyPlugin) -> SafeString:
    body = plugin.published()
    if body.is_personal:
        mark_asked(request)
    return SafeString(body.render(Place(request, str(plugin.uuid), str, str)))
