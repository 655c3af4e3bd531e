"""Three pages: one that is bare, one that asks its database as pages do, and one of django CMS.

The bare one renders a list, one template from memory and no query. The catalog's view asks for a category, its
products, all categories and the latest articles, and its template extends another. The CMS's has a menu of eight pages
and two places with five plugins of text and picture each.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Engine, RequestContext
from django.urls import URLPattern, URLResolver, include, path

from config.site.models import Article, Category, Product, Topic
from tests.benchmarks.load_settings import WITH_ATTUNE, WITH_CMS
from tests.benchmarks.load_templates import templates

CARDS: Final = [{"name": f"Boot {number}", "price": number * 10, "size": number % 7} for number in range(200)]
_engine = Engine(
    libraries={"personalization": "personalization.templatetags.personalization"},
    context_processors=["django.template.context_processors.request"],
    loaders=[("django.template.loaders.locmem.Loader", templates(with_attune=WITH_ATTUNE))],
)
_shop, _catalog = _engine.get_template("load/shop.html"), _engine.get_template("load/catalog.html")


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
    *([path("pages/", include("cms.urls"))] if WITH_CMS else []),
]


def stock() -> None:
    """Make what the catalog shows: five categories, twelve products in each, and six articles."""
    topic = Topic.objects.create(slug="paths", name="Paths", order=0)
    for number in range(6):
        name = f"article-{number}"
        Article.objects.create(slug=name, title=name, topic=topic, author="A. Writer", minutes=number, order=number)
    for order, slug in enumerate(("packs", "boots", "tents", "stoves", "maps")):
        category = Category.objects.create(slug=slug, name=slug.title(), order=order)
        for number in range(12):
            Product.objects.create(
                item_id=f"{slug[0]}{number}",
                slug=f"{slug}-{number}",
                category=category,
                name=f"{slug.title()} {number}",
                description="Carried over the pass and back in every weather. " * 10,
                price=number * 10,
                order=number,
            )


def write_pages() -> None:
    """Make and publish the pages of the CMS; the first is asked for."""
    from cms.api import add_plugin, create_page
    from cms.models import PageContent
    from django.contrib.auth.models import User
    from djangocms_versioning.models import Version

    author = User.objects.create_superuser("editor")
    for number in range(8):
        page = create_page(f"Page {number}", "load/cms.html", "en", created_by=author, in_navigation=True)
        content = PageContent.admin_manager.get(page=page, language="en")
        for slot in ("content", "side"):
            place, _ = content.placeholders.get_or_create(slot=slot)
            for paragraph in range(5):
                words = f"<h2>{slot} {paragraph}</h2><p>{'Carried over the pass and back. ' * 10}</p>"
                add_plugin(place, "TextPlugin", "en", body=f'{words}<p><img src="/picture.jpg" alt=""></p>')
        Version.objects.get_for_content(content).publish(author)
