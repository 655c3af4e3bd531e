"""What is probably wrong with blocks, on their pages and in their list."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from personalization.content.advising.findings import LINTED, block_facts, findings_of, unmatched_rules, with_variants
from personalization.content.advising.lint import Finding
from personalization.content.finding.template_names import template_says
from personalization.content.models import Block, Variant

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

_FOUND: Final = "_attune_findings"
"""The attribute in which a variant on a page has what was found about it."""
TOLD_ALREADY: Final = frozenset({"failing"})
"""The page has a notice with a button for these."""


class AdviceAdmin(BlockModelAdmin):
    """The list and the pages of blocks, with what an editor should look at."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Block]:
        """Bring the variants along."""
        return with_variants(super().get_queryset(request).select_related("campaign"))

    @admin.display(description=_("What needs you"))
    def needs_you(self, block: Block) -> SafeString | str:
        """What is found, the first in full; what may well be meant so stands on the block's page only."""
        found = findings_of(block, now=timezone.now())
        names = {str(variant.uuid): variant.name for variant in getattr(block, LINTED)}
        lines = [_line(one, names.get(one.variant, "")) for one in found if not one.is_note]
        if len(lines) <= 1:
            return lines[0] if lines else ""
        more = len(lines) - 1
        summary = ngettext("and one more", "and %(count)s more", more) % {"count": more}
        others = format_html_join("", "<p>{}</p>", ((line,) for line in lines[1:]))
        return format_html("{}<details><summary>{}</summary>{}</details>", lines[0], summary, others)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lay what is found about a variant where it is shown, and all of it above."""
        block = context.get("original")
        if isinstance(block, Block):
            says = None if block.default else template_says(block.key)
            facts = block_facts(block, getattr(block, LINTED))
            unmatched = unmatched_rules(facts, Block.objects.filter(pk=block.pk))
            everything = findings_of(block, now=timezone.now(), unmatched=unmatched, template_says=says)
            found = [one for one in everything if one.code not in TOLD_ALREADY]
            context["needs_somebody"] = not all(one.is_note for one in found)
            context["findings"] = list(_placed(found, context["inline_admin_formsets"]))
        return super().render_change_form(request, context, *args, **kwargs)


def advice_on(variant: Variant) -> SafeString | str:
    """What is found about a variant on the page that is being rendered, and its id for the script."""
    found: list[Finding] = getattr(variant, _FOUND, [])
    lines = format_html_join("", '<p class="attune-finding">{}</p>', ((one.text,) for one in found))
    mark = format_html('<span data-attune-uuid="{}" hidden></span>', variant.uuid) if variant.pk else ""
    return format_html("{}{}", mark, lines)


def _placed(found: list[Finding], inlines: Any) -> Any:
    """Each with the name of its variant and the place on the page where that is edited."""
    forms = [form for inline in inlines for form in inline.formset.forms if isinstance(form.instance, Variant)]
    places = {str(form.instance.uuid): form for form in forms}
    for one in found:
        form = places.get(one.variant)
        if form is not None:
            setattr(form.instance, _FOUND, [*getattr(form.instance, _FOUND, []), one])
        yield one, form.instance.name if form else "", form.prefix if form else ""


def _line(finding: Finding, variant: str) -> SafeString | str:
    return format_html("<b>{}</b>: {}", variant, finding.text) if variant else finding.text
