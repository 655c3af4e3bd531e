"""For a project's own views: ask for decisions and segments, and take another template or another view for some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from personalization.content.deciding.blocks import Decision
from personalization.content.services import decide, decide_all, in_segment
from personalization.content.serving.asking import mark_asked

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class PersonalizationMixin:
    """For class-based views: ``self.decide(key)``, ``self.in_segment(slug)``, and a template for each segment.

    Stands before Django's class: ``class Home(PersonalizationMixin, TemplateView)``.
    """

    request: HttpRequest
    segment_templates: Mapping[str, str] = {}
    """Slug → template; the first segment that the visitor is in counts, and for others the view's own."""

    def decide(self, key: str) -> Decision:
        """Decide what the block of that name shows to this visitor."""
        return decide(self.request, key)

    def decide_all(self, keys: Iterable[str]) -> dict[str, Decision]:
        """Decide several blocks at once, at the same moment."""
        return decide_all(self.request, keys)

    def in_segment(self, slug: str) -> bool:
        """Say whether this visitor is in the segment."""
        return in_segment(self.request, slug)

    def get_template_names(self) -> list[str]:
        """The template for this visitor's segment before those that the view takes anyway."""
        chosen = template_for_segment(self.request, self.segment_templates)
        if not hasattr(super(), "get_template_names"):
            raise ImproperlyConfigured(
                f"{type(self).__name__} has no template: put PersonalizationMixin before a class of Django that has."
            )
        others: Any = super()
        return [*([chosen] if chosen else []), *others.get_template_names()]


def template_for_segment(request: HttpRequest, templates: Mapping[str, str], default: str = "") -> str:
    """The template for the first of these segments that the visitor is in.

    Args:
        request: the request under way.
        templates: slug → template; asked in this order.
        default: the template for everyone else.
    """
    return next((name for slug, name in templates.items() if in_segment(request, slug)), default)


def view_for_segment(slug: str, view: Callable[..., HttpResponseBase]) -> Callable[[View], View]:
    """A decorator: who is in the segment gets `view`, with the same arguments; everyone else the decorated one.

    Being in a segment is no permission: it says what somebody did, not what they may do.
    """

    def decorate(usual: View) -> View:
        @wraps(usual)
        def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return (view if in_segment(request, slug) else usual)(request, *args, **kwargs)

        return chosen  # type: ignore[return-value]  # it takes and answers what the decorated one does

    return decorate


def personalized(view: View) -> View:
    """A decorator: the page depends on its visitor in a way of the view's own, so no cache keeps it for others.

    Not needed for what `decide`, `in_segment` and the tags ask: those see to it themselves, and such pages can be kept
    by what was answered.
    """

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mark_asked(request)
        return view(request, *args, **kwargs)

    return marked  # type: ignore[return-value]  # it takes and answers what the decorated one does
