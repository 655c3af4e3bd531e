"""A page like a shop's: a list that takes some milliseconds, around blocks or the same bytes as plain HTML."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template import Engine, RequestContext
from django.urls import URLPattern, URLResolver, include, path

from tests.benchmarks.load_settings import WITH_ATTUNE
from tests.benchmarks.page import BLOCKS

CARDS: Final = [{"name": f"Boot {number}", "price": number * 10, "size": number % 7} for number in range(200)]
_BLOCK: Final = '{{% personalized_block "block-{0}" %}}<p>default</p>{{% endpersonalized_block %}}'
_PLAIN: Final = '<div class="attune-block" data-attune-block="block-{0}" data-attune-variant="none"><p>{0}</p></div>'
_LIST: Final = (
    "<ul>{% for card in cards %}<li class=\"{% cycle 'a' 'b' %}\"><b>{{ card.name|upper }}</b> {{ card.price }} "
    "{% if card.size > 3 %}large{% else %}small{% endif %}</li>{% endfor %}</ul>"
)
_engine = Engine(
    libraries={"personalization": "personalization.templatetags.personalization"},
    context_processors=["django.template.context_processors.request"],
)
_template = _engine.from_string(
    ("{% load personalization %}" if WITH_ATTUNE else "")
    + "".join((_BLOCK if WITH_ATTUNE else _PLAIN).format(number) for number in range(BLOCKS))
    + _LIST
)


def shop(request: HttpRequest) -> HttpResponse:
    """The page."""
    return HttpResponse(_template.render(RequestContext(request, {"cards": CARDS})))


urlpatterns: list[URLPattern | URLResolver] = [path("shop/", shop), path("", include("personalization.urls"))]
