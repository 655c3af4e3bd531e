"""Prices, lists and other languages for the shop's templates: ``{% load shop %}``."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Library
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from config.site.models import Article, Category, Product, Topic

register = Library()


class Alternative(NamedTuple):
    """A page in one of the site's languages; its name is written in that language."""

    code: str
    name: str
    url: str
    address: str
    here: bool


@register.filter
def euros(amount: Decimal | float) -> str:
    """A price as the page's language writes it: €245 or €74.50, 245,00 € in German."""
    places = 2 if get_language() != "en" or amount % 1 else 0
    # Translators: how a price is written; the space of "245,00 €" must not break.
    return gettext("€%(amount)s") % {"amount": number_format(amount, places, force_grouping=True)}


@register.simple_tag
def home_lists() -> dict[str, Iterable[Any]]:
    """What the home page lists: all categories, what people come back for, the newest articles."""
    return {
        "categories": Category.objects.all(),
        "products": Product.objects.filter(featured=True),
        "articles": Article.objects.select_related("topic")[:3],
    }


@register.simple_tag
def magazine_lists() -> dict[str, Iterable[Any]]:
    """What the magazine lists: all articles and their topics."""
    return {"articles": Article.objects.select_related("topic"), "topics": Topic.objects.all()}


@register.simple_tag(takes_context=True)
def alternatives(context: Context) -> list[Alternative]:
    """The page that is shown, in each language; ``canonical`` in the context names the page to show instead.

    A page that is not there has no other languages, and an empty list; ``page_languages`` names those of one that is
    not there in all of them.
    """
    request: HttpRequest = context["request"]
    if request.resolver_match is None:
        return []
    path = str(context.get("canonical") or request.path)
    query = request.GET.urlencode() if path == request.path and request.method == "GET" else ""
    found = []
    spoken: Any = context.get("page_languages", [code for code, _ in settings.LANGUAGES])
    for code, name in settings.LANGUAGES:
        if code not in spoken:
            continue
        url = translate_url(path, code)
        full: Any = f"{url}?{query}" if query else url
        found.append(Alternative(code, str(name), full, request.build_absolute_uri(url), code == get_language()))
    return found
