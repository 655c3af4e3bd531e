"""Two pages with blocks or the same bytes as plain HTML: one that is bare, one that asks its database as pages do.

The bare one renders a list, one template from memory and no query. The catalog's view asks for a category, its
products, all categories and the latest articles, and its template extends another.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Engine, RequestContext
from django.urls import URLPattern, URLResolver, include, path

from config.site.models import Article, Category
from tests.benchmarks.load_settings import WITH_ATTUNE
from tests.benchmarks.page import BLOCKS

CARDS: Final = [{"name": f"Boot {number}", "price": number * 10, "size": number % 7} for number in range(200)]
_BLOCK: Final = '{{% personalized_block "block-{0}" %}}<p>default</p>{{% endpersonalized_block %}}'
_PLAIN: Final = '<div class="attune-block" data-attune-block="block-{0}" data-attune-variant="none"><p>{0}</p></div>'
_LIST: Final = (
    "<ul>{% for card in cards %}<li class=\"{% cycle 'a' 'b' %}\"><b>{{ card.name|upper }}</b> {{ card.price }} "
    "{% if card.size > 3 %}large{% else %}small{% endif %}</li>{% endfor %}</ul>"
)
_FRAME: Final = (
    "<!doctype html><html><head><title>{% block title %}Larkmoor{% endblock %}</title></head><body><nav><ul>"
    "{% for one in categories %}<li{% if one == category %} aria-current=page{% endif %}>"
    '<a href="/{{ one.slug|urlencode }}/">{{ one.name }}</a></li>{% endfor %}</ul></nav>'
    "<main>{% block main %}{% endblock %}</main><footer>{% block footer %}{% endblock %}</footer></body></html>"
)
_BLOCKS: Final = ("{% load personalization %}" if WITH_ATTUNE else "") + "".join(
    (_BLOCK if WITH_ATTUNE else _PLAIN).format(number) for number in range(BLOCKS)
)
_CATALOG: Final = (
    '{% extends "frame" %}{% block title %}{{ category.name }} – {{ block.super }}{% endblock %}{% block main %}'
    "<h1>{{ category.name }}</h1>" + _BLOCKS + "{% for product in products %}<article><h2>{{ product.name }}</h2>"
    "<p>{{ product.price|floatformat:2 }}</p><p>{{ product.description|truncatewords:20 }}</p></article>{% endfor %}"
    "{% endblock %}{% block footer %}{% for one in articles %}"
    "<p>{{ one.topic.name }}: {{ one.title }}, {{ one.minutes }} min</p>{% endfor %}{% endblock %}"
)
_SOURCES: Final = {"frame": _FRAME, "catalog": _CATALOG, "shop": _BLOCKS + _LIST}
_engine = Engine(
    libraries={"personalization": "personalization.templatetags.personalization"},
    context_processors=["django.template.context_processors.request"],
    loaders=[
        ("django.template.loaders.locmem.Loader", {"frame": _FRAME, "catalog": _CATALOG, "shop": _BLOCKS + _LIST})
    ],
)
_shop, _catalog = _engine.get_template("shop"), _engine.get_template("catalog")


def shop(request: HttpRequest) -> HttpResponse:
    """The bare page."""
    return HttpResponse(_shop.render(RequestContext(request, {"cards": CARDS})))


def catalog(request: HttpRequest) -> HttpResponse:
    """A page as sites have them: four queries, if Attune asks for nothing."""
    values = {
        "category": (category := get_object_or_404(Category, slug="packs")),
        "products": category.products.all(),
        "categories": Category.objects.all(),
        "articles": Article.objects.select_related("topic")[:6],
    }
    return HttpResponse(_catalog.render(RequestContext(request, values)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("shop/", shop),
    path("catalog/", catalog),
    path("", include("personalization.urls")),
]
