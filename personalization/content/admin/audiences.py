"""A page of the admin: how many visitors each variant of a block is for, and how many see an earlier one."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from personalization.content.advising.audiences import Audience, audiences_of
from personalization.content.advising.findings import LINTED, block_facts
from personalization.content.advising.states import Kind
from personalization.content.advising.words import state_in_words
from personalization.content.languages import language_names
from personalization.content.models import Block
from tracking.counts import SMALL, may_see_small_counts, people_in_words

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin


class AudiencesAdmin(BlockModelAdmin):
    """The page of a block, which asks for the numbers once it is there: with very many visitors they take a moment."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        view = self.admin_site.admin_view(self.audiences_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_audiences"
        return [path("<int:pk>/how-many/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say where the numbers are."""
        block = context.get("original")
        if isinstance(block, Block):
            context["audiences_url"] = self._audiences_url(block)
        return super().render_change_form(request, context, *args, **kwargs)

    def audiences_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All variants with their numbers as a table; with ``?json`` one sentence for each, for the block's page."""
        block = self.get_object(request, str(pk))
        if not self.has_view_permission(request, block):
            raise PermissionDenied
        if block is None:
            raise Http404
        exact = may_see_small_counts(request.user)
        found = audiences_of(block_facts(block, getattr(block, LINTED)), now=timezone.now())
        if "json" in request.GET:
            return JsonResponse({one.variant: audience_in_words(one, exact=exact) for one in found})
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("How many see what"),
            "opts": self.opts,
            "edited": block,
            "block_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[block.pk]),
            "rows": rows_of(found, exact=exact),
        }
        return TemplateResponse(request, "admin/attune_content/audiences.html", context)

    def _audiences_url(self, block: Block) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_audiences", args=[block.pk])


def audience_in_words(audience: Audience, *, exact: bool) -> str:
    """How many fit, how many of them see another variant, and whether anybody sees it at this moment."""
    return " ".join([f"{_fits_in_words(audience, exact=exact)}.", *_why_nobody(audience)])


def _bounds(audience: Audience) -> Iterator[str]:
    """What else decides who sees it."""
    if audience.languages:
        yield _("Only on pages in %(languages)s.") % {"languages": language_names(sorted(audience.languages))}
    yield from _why_nobody(audience)


def _why_nobody(audience: Audience) -> Iterator[str]:
    if audience.state.kind is not Kind.SHOWN:
        yield _("Nobody sees it now.")
        yield state_in_words(audience.state)


def _fits_in_words(audience: Audience, *, exact: bool) -> str:
    if audience.people is None:
        return _("Decided at each visit, nothing stored")
    people, everybody = _fitting(audience, exact=exact), _all(audience.everybody, audience, exact=exact)
    if audience.people == audience.everybody and audience.everybody >= SMALL and not audience.within:
        said = _("fits all %(everybody)s who agreed") % {"everybody": everybody}
    else:
        said = _("fits %(people)s of %(everybody)s who agreed") % {"people": people, "everybody": everybody}
    if not audience.taken or audience.state.kind is not Kind.SHOWN:
        return said
    taken = ", ".join(
        _("%(people)s see “%(variant)s”") % {"people": _part(people, audience, exact=exact), "variant": name}
        for name, people in audience.taken.items()
    )
    return _("%(visitors)s; of these %(taken)s") % {"visitors": said, "taken": taken}


def rows_of(found: Iterable[Audience], *, exact: bool) -> list[dict[str, Any]]:
    """The table of these audiences, `exact` or with few people kept back."""
    return [_row(one, exact=exact) for one in found]


def _row(audience: Audience, *, exact: bool) -> dict[str, Any]:
    known, is_shown = audience.people is not None, audience.state.kind is Kind.SHOWN
    return {
        "name": audience.name,
        "bounds": list(_bounds(audience)),
        "people": _fitting(audience, exact=exact) if known else "",
        "everybody": _all(audience.everybody, audience, exact=exact),
        "taken": [(name, _part(people, audience, exact=exact)) for name, people in audience.taken.items()],
        "left": (_part(audience.left or 0, audience, exact=exact) if is_shown else _("Nobody")) if known else "",
    }


def _fitting(audience: Audience, *, exact: bool) -> str:
    """How many fit, beside how many there are: rounded where all the others are few."""
    people = audience.people or 0
    said = _part if 0 < audience.everybody - people < SMALL else _all
    return said(people, audience, exact=exact)


def _all(people: int, audience: Audience, *, exact: bool) -> str:
    """A number of people; one that was drawn with no more digits than it is sure of."""
    if not audience.within:
        return people_in_words(people, exact=exact)
    if people < audience.within:
        return _("under %(number)s") % {"number": number_format(audience.within, force_grouping=True)}
    step = 10 ** max(0, len(str(people)) - 2)
    return _about(people + step // 2, step)


def _part(people: int, audience: Audience, *, exact: bool) -> str:
    """A part of a number of people: rounded for those who would else learn a small rest by subtracting."""
    if audience.within or exact or people < SMALL:
        return _all(people, audience, exact=exact)
    return _about(people, SMALL)


def _about(people: int, step: int) -> str:
    return _("about %(number)s") % {"number": number_format(people // step * step, force_grouping=True)}
