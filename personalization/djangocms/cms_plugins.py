"""The plugins, as django CMS finds them: blocks and variants, calls to action, parts, lists, pictures, offers."""

from collections.abc import Iterable
from typing import Any, ClassVar

from cms.plugin_base import CMSPluginBase
from cms.plugin_pool import plugin_pool
from cms.toolbar.utils import get_toolbar_from_request
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.choices import where_there_is_a_choice
from personalization.content.deciding.blocks import PublishedVariant
from personalization.content.previewing.preview import is_preview
from personalization.content.services import in_segment
from personalization.content.serving.asking import has_asked
from personalization.content.serving.page_key import KEY_HEADER
from personalization.content.serving.rendering import in_wrapper, render_block, render_cta
from personalization.djangocms.beside import chosen_in_draft
from personalization.djangocms.editing import is_edited, is_paused, new_place, people_of, tabs_of
from personalization.djangocms.emptiness import rendered_or_nothing
from personalization.djangocms.forms import BlockForm, IfSegmentForm, VariantForm
from personalization.djangocms.forms_bodies import BodyPluginForm, ItemListForm, OfferForm, PictureForm
from personalization.djangocms.models import BodyPlugin, CallToActionPlugin, IfSegment, PersonalizedBlock, Variant
from personalization.djangocms.proofs import proof_of
from personalization.djangocms.showing import shown, shown_to_editor
from personalization.djangocms.texts import fill_fields, mistakes_in
from personalization.djangocms.versions import is_in_page
from personalization.djangocms.where import about_url


class PersonalizedPlugin(CMSPluginBase):
    """What depends on the visitor: the CMS keeps a page with it by the page's key, and the placeholder not at all."""

    module = _("Personalization")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for what there is a choice of."""
        return where_there_is_a_choice(request, super().get_fieldsets(request, obj))

    def get_vary_cache_on(self, request: HttpRequest, instance: Any, placeholder: Any) -> list[str]:
        """Tell the cache of pages by what their versions are told apart, if there are several."""
        return [KEY_HEADER] if has_asked(request) else []


@plugin_pool.register_plugin
class PersonalizedBlockPlugin(PersonalizedPlugin):
    """Shows the first of its variants that fits the visitor, several, or the best."""

    name = _("Personalized block")
    model = PersonalizedBlock
    form = BlockForm
    allow_children = True
    child_classes: ClassVar = ["PersonalizedVariantPlugin"]
    fieldsets: ClassVar = [
        (None, {"fields": ("name", ("pick", "pick_most"), "campaign", "team_only")}),
        (
            _("How it appears"),
            {"fields": (("show", "room"), ("reveal_on", "reveal_after")), "classes": ("collapse",)},
        ),
        (_("Only one of a group"), {"fields": (("group", "group_order"),), "classes": ("collapse",)}),
        (
            _("How often at most, all variants together"),
            {"fields": (("cap_times", "cap_within"), "is_exempt"), "classes": ("collapse",)},
        ),
    ]

    def get_render_template(self, context: Any, instance: PersonalizedBlock, placeholder: Any) -> str:
        """All variants for who edits the page, one of them for who visits it."""
        return f"attune_djangocms/{'block_edited' if _has_tabs(context['request']) else 'shown'}.html"

    def render(self, context: Any, instance: PersonalizedBlock, placeholder: Any) -> Any:
        """Decide, and render what is decided; for editors, tell what there is."""
        context = super().render(context, instance, placeholder)
        request = context["request"]
        variants = list(instance.child_plugin_instances or ())
        if is_edited(request) and is_preview(request):  # a draft shows what is in it, not what is published
            wanted = chosen_in_draft(request, instance.key)
            chosen = [one for one in variants if str(one.uuid) == wanted] or [one for one in variants if one.is_default]
            html = _variant(chosen[0], context) if chosen else ""
            context["shown"] = in_wrapper(instance.key, wanted, html)
            return context
        if is_edited(request):
            context["place"] = new_place()
            context["is_paused"] = is_paused(instance)
            campaign = instance.campaign
            context["is_on_trial"] = instance.team_only or (campaign is not None and campaign.team_only)
            context["campaign_waits"] = campaign is not None and not campaign.published.is_running(timezone.now())
            context["tabs"] = tabs_of(variants, request.user, now=timezone.now())
            context["has_default"] = any(variant.is_default for variant in variants)
            context["about_url"] = about_url(request, instance)
            return context
        by_uuid = {str(variant.uuid): variant for variant in variants if not variant.is_default}

        def render_variant(decided: PublishedVariant) -> str:
            return rendered_or_nothing(lambda: _variant(by_uuid[decided.uuid], context))

        def render_default() -> str:
            return next((_variant(variant, context) for variant in variants if variant.is_default), "")

        def prove() -> str:
            return proof_of(request, instance.key, now=timezone.now())

        context["shown"] = render_block(
            request,
            instance.key,
            body=render_default,
            render_template=str,
            render_variant=render_variant,
            proof=None if is_in_page(instance) else prove,
        )
        return context


@plugin_pool.register_plugin
class PersonalizedVariantPlugin(PersonalizedPlugin):
    """One thing that a block can show; any plugins are what it shows."""

    name = _("Variant")
    model = Variant
    form = VariantForm
    allow_children = True
    require_parent = True
    parent_classes: ClassVar = ["PersonalizedBlockPlugin"]
    fieldsets: ClassVar = [
        (None, {"fields": ("name", "audience_kind", "segments", "rule")}),
        (
            _("When"),
            {
                "fields": (
                    "campaign",
                    ("starts_at", "ends_at"),
                    "weekdays",
                    ("hours_from", "hours_until"),
                    "time_zone",
                ),
                "classes": ("collapse",),
            },
        ),
        (
            _("How often"),
            {
                "fields": (("cap_times", "cap_within"), ("rest_after", "rest_days"), "rest_goal", "tires_after"),
                "classes": ("collapse",),
            },
        ),
        (_("More"), {"fields": ("languages", "sites", "team_only", "score"), "classes": ("collapse",)}),
    ]

    def get_render_template(self, context: Any, instance: Variant, placeholder: Any) -> str:
        """With a line that says so, if it is empty, for who edits the page."""
        return f"attune_djangocms/{'variant_edited' if _has_tabs(context['request']) else 'children'}.html"

    def render(self, context: Any, instance: Variant, placeholder: Any) -> Any:
        """For editors, tell what is wrong with its texts."""
        context = super().render(context, instance, placeholder)
        if is_edited(context["request"]):
            context["mistakes"] = mistakes_in(instance)
        return context

    def render_close_frame(self, request: HttpRequest, obj: Variant, *args: Any, **kwargs: Any) -> Any:
        """Have the CMS draw the page anew: the tab of a variant is its block's, and not in what is replaced."""
        response = super().render_close_frame(request, obj, *args, **kwargs)
        response.context_data["data_bridge"].get("structure", {}).pop("content", None)
        return response


@plugin_pool.register_plugin
class CallToActionInPagePlugin(PersonalizedPlugin):
    """A call to action of the admin, as the visitor's segments see it."""

    name = _("Call to action")
    model = CallToActionPlugin
    fields: ClassVar = ["cta"]
    render_template = "attune_djangocms/shown.html"
    text_enabled = True

    def render(self, context: Any, instance: CallToActionPlugin, placeholder: Any) -> Any:
        """Render the link; one that was deleted is nothing."""
        context = super().render(context, instance, placeholder)
        context["shown"] = render_cta(context["request"], instance.cta.key) if instance.cta else ""
        return context


@plugin_pool.register_plugin
class IfSegmentPlugin(PersonalizedPlugin):
    """Shows its plugins to those who are in a segment, or to those who are not."""

    name = _("If segment")
    model = IfSegment
    form = IfSegmentForm
    allow_children = True

    def get_render_template(self, context: Any, instance: IfSegment, placeholder: Any) -> str:
        """With a line that says for whom it is for who edits the page."""
        return f"attune_djangocms/{'part_edited' if _has_tabs(context['request']) else 'shown'}.html"

    def render(self, context: Any, instance: IfSegment, placeholder: Any) -> Any:
        """Ask, and render the children if the answer is theirs."""
        context = super().render(context, instance, placeholder)
        request = context["request"]
        if _has_tabs(request):
            context["people"] = people_of(instance, request.user)
            return context
        is_theirs = in_segment(request, instance.segment.slug) is not instance.is_negated
        context["shown"] = _rendered(instance.child_plugin_instances or (), context) if is_theirs else ""
        return context


class BodyInPagePlugin(PersonalizedPlugin):
    """What variants of the admin can show as well. It stands in variants, in other plugins, or by itself."""

    model = BodyPlugin
    form = BodyPluginForm

    def get_render_template(self, context: Any, instance: BodyPlugin, placeholder: Any) -> str:
        """With a line that says why there is nothing for who edits the page."""
        return f"attune_djangocms/{'body_edited' if is_edited(context['request']) else 'shown'}.html"

    def render(self, context: Any, instance: BodyPlugin, placeholder: Any) -> Any:
        """Render what this visitor sees; editors try it out."""
        context = super().render(context, instance, placeholder)
        request = context["request"]
        if is_edited(request):
            context["shown"], context["hint"] = shown_to_editor(request, instance)
        else:
            context["shown"] = shown(request, instance)
        return context


@plugin_pool.register_plugin
class ItemListPlugin(BodyInPagePlugin):
    """Items that each visitor has to do with: looked at lately, still in the cart, begun to read."""

    name = _("List of items")
    form = ItemListForm
    fields: ClassVar = ["items_source", "items_count", "items_title"]


@plugin_pool.register_plugin
class PicturePlugin(BodyInPagePlugin):
    """A picture of the admin, with its cut for phones and its alternatives."""

    name = _("Picture")
    form = PictureForm
    fields: ClassVar = ["picture", "picture_shape", "picture_link"]


@plugin_pool.register_plugin
class OfferPlugin(BodyInPagePlugin):
    """An offer: a code for everyone or one for each, until the variant around it ends."""

    name = _("Offer")
    form = OfferForm
    fields: ClassVar = ["body", "offer_code", "code_stock", "offer_terms", "offer_price"]


def _variant(variant: Variant, context: Any) -> str:
    fill_fields(context["request"], variant)
    return _rendered([variant], context)


def _has_tabs(request: HttpRequest) -> bool:
    """Whether an editor works on the page; one who looks at it as somebody else sees it as they do."""
    return is_edited(request) and not is_preview(request)


def _rendered(plugins: Iterable[Any], context: Any) -> SafeString:
    """Plugins as visitors see them."""
    renderer = get_toolbar_from_request(context["request"]).content_renderer
    return SafeString("".join(renderer.render_plugin(plugin, context) for plugin in plugins))
