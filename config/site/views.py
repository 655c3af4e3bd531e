"""The pages of the shop and of its magazine."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.site.cart import (
    MOST_OF_ONE,
    cart_of,
    change_quantity,
    checkout_begins,
    empty_cart,
    put_in_cart,
    show_count,
)
from config.site.doors import from_this_site
from config.site.finding import find
from config.site.forms import CheckoutForm, SizeForm
from config.site.models import CURRENCY, Article, Category, Order, Product, Topic
from config.site.orders import place_order
from personalization.shortcuts import track

LAST_ORDER = "last_order"
MOST_OF_A_QUERY = 80


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name no picture of their own, such as those of the admin."""
    return redirect(static("site/mark.svg"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html")


@require_safe
def category(request: HttpRequest, category: str) -> HttpResponse:
    chosen = get_object_or_404(Category, slug=category)
    return render(request, "site/category.html", {"category": chosen, "products": chosen.products.all()})


@require_safe
def product(request: HttpRequest, category: str, product: str) -> HttpResponse:
    chosen = get_object_or_404(Product.objects.select_related("category"), slug=product, category=category)
    return product_page(request, chosen, SizeForm(chosen))


def neighbors_of(product: Product) -> list[Product]:
    """Four others: those of the same category first, then what people come back for."""
    candidates = Product.objects.filter(Q(category=product.category_id) | Q(featured=True)).exclude(pk=product.pk)
    return sorted(candidates, key=lambda other: other.category_id != product.category_id)[:4]


def product_page(request: HttpRequest, product: Product, form: SizeForm, status: int = 200) -> HttpResponse:
    others = neighbors_of(product)
    shown = {"product": product, "form": form, "others": others, "canonical": product.get_absolute_url()}
    return render(request, "site/product.html", shown, status=status)


@require_POST
@from_this_site
def add_to_cart(request: HttpRequest, category: str, product: str) -> HttpResponse:
    """Put one piece in the cart; the event is sent from here, so that it counts once, with or without script."""
    chosen = get_object_or_404(Product.objects.select_related("category"), slug=product, category=category)
    form = SizeForm(chosen, request.POST)
    if not form.is_valid():
        return product_page(request, chosen, form, status=422)
    put_in_cart(request, chosen, size=form.cleaned_data.get("size", ""))
    track(
        request,
        "add_to_cart",
        item_id=chosen.item_id,
        item_name=chosen.name,
        item_category=chosen.category_id,
        price=float(chosen.price),
        quantity=1,
        value=float(chosen.price),
        currency=CURRENCY,
    )
    response = redirect("site:cart")
    response.status_code = 303
    show_count(request, response)
    return response


@require_safe
def magazine(request: HttpRequest) -> HttpResponse:
    return render(request, "site/magazine.html")


@require_safe
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    topics = {one.slug: one for one in Topic.objects.all()}
    if topic not in topics:
        raise Http404
    chosen = topics[topic]
    articles = chosen.articles.select_related("topic")
    return render(request, "site/topic.html", {"topic": chosen, "topics": topics.values(), "articles": articles})


@require_safe
def article(request: HttpRequest, article: str) -> HttpResponse:
    chosen = get_object_or_404(Article.objects.select_related("topic"), slug=article)
    rest = Article.objects.select_related("topic").exclude(pk=chosen.pk)
    others = sorted(rest, key=lambda other: other.topic_id != chosen.topic_id)[:3]
    return render(request, "site/article.html", {"article": chosen, "others": others})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html")


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """What the shop and the magazine have on some words, in the page's language."""
    query = request.GET.get("q", "")[:MOST_OF_A_QUERY].strip()
    found = find(query, get_language() or "en")
    if found.asked:
        # Only words that stand in what was found: a name or an address that somebody typed stays here.
        said: dict[str, str | int] = {"results": len(found)}
        if found.known_words:
            said["search_term"] = found.known_words
        track(request, "search", **said)
        if found:
            track(request, "view_search_results", **said)
    return render(request, "site/search.html", {"query": query, "found": found, "longest": MOST_OF_A_QUERY})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cart(request: HttpRequest) -> HttpResponse:
    """The cart; its form changes how many of a line are wanted."""
    if request.method == "POST":
        wanted = request.POST.get("quantity", "")
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= 2:
            taken = change_quantity(request, request.POST.get("line", ""), int(wanted))
            if taken:
                track(request, "remove_from_cart", **taken.event_properties())
        response: HttpResponse = redirect("site:cart")
        response.status_code = 303
    else:
        held = cart_of(request)
        if held:
            track(request, "view_cart", **held.event_properties())
        response = render(request, "site/cart.html", {"cart": held, "quantities": range(1, MOST_OF_ONE + 1)})
    show_count(request, response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    """Where the parcel goes, and the purchase; sent twice, a form is one order and one event."""
    held = cart_of(request)
    if not held:
        return redirect("site:thanks" if LAST_ORDER in request.session else "site:cart")
    customer = request.user if isinstance(request.user, User) else None
    known = {"email": customer.email} if customer else {}
    form = CheckoutForm(request.POST if request.method == "POST" else None, initial=known, label_suffix="")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            order, is_new = place_order(held, form.cleaned_data, customer=customer, now=timezone.now())
            if is_new:
                track(
                    request,
                    "purchase",
                    transaction_id=order.number,
                    shipping=float(order.delivery),
                    **held.event_properties(),
                )
        empty_cart(request)
        request.session[LAST_ORDER] = order.pk
        response: HttpResponse = redirect("site:thanks")
        response.status_code = 303
        show_count(request, response)
        return response
    if checkout_begins(request):
        track(request, "begin_checkout", **held.event_properties())
    status = 422 if form.is_bound else 200
    return render(request, "site/checkout.html", {"cart": held, "form": form}, status=status)


@require_safe
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """The confirmation of the last order; its address says nothing about it."""
    placed: int = request.session.get(LAST_ORDER, 0)
    order = Order.objects.prefetch_related("lines").filter(pk=placed).first()
    if order is None:
        return redirect("site:cart")
    return render(request, "site/thanks.html", {"order": order})
