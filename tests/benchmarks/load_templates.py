"""What the pages of the load benchmark are made of: each with blocks, or with the same bytes as plain HTML."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tests.benchmarks.page import BLOCKS

_BLOCK: Final = '{{% personalized_block "block-{0}" %}}<p>default</p>{{% endpersonalized_block %}}'
_PLAIN: Final = '<div class="attune-block" data-attune-block="block-{0}" data-attune-variant="{1}"><p>{0}</p></div>'
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
_CATALOG: Final = (
    '{%% extends "load/frame.html" %%}%(load)s{%% block title %%}{{ category.name }} – {{ block.super }}'
    "{%% endblock %%}{%% block main %%}<h1>{{ category.name }}</h1>%(blocks)s{%% for product in products %%}<article>"
    "<h2>{{ product.name }}</h2><p>{{ product.price|floatformat:2 }}</p><p>{{ product.description|truncatewords:20 }}"
    "</p></article>{%% endfor %%}{%% endblock %%}{%% block footer %%}{%% for one in articles %%}"
    "<p>{{ one.topic.name }}: {{ one.title }}, {{ one.minutes }} min</p>{%% endfor %%}{%% endblock %%}"
)
_CMS: Final = (
    "{%% load cms_tags menu_tags sekizai_tags %%}%(load)s<!doctype html><html><head>"
    '<title>{%% page_attribute "page_title" %%}</title>{%% render_block "css" %%}</head><body>{%% cms_toolbar %%}'
    "<nav><ul>{%% show_menu 0 1 0 1 %%}</ul></nav><main>%(blocks)s"
    '{%% placeholder "content" %%}</main><aside>{%% placeholder "side" %%}</aside>'
    '{%% render_block "js" %%}</body></html>'
)


def templates(*, with_attune: bool) -> dict[str, str]:
    """The templates, by name."""
    one = _BLOCK if with_attune else _PLAIN
    parts = {
        "load": "{% load personalization %}" if with_attune else "",
        "blocks": "".join(one.format(number, UUID(int=number)) for number in range(BLOCKS)),
    }
    return {
        "load/frame.html": _FRAME,
        "load/catalog.html": _CATALOG % parts,
        "load/shop.html": parts["load"] + parts["blocks"] + _LIST,
        "load/cms.html": _CMS % parts,
    }
