"""What the shop sells, what its magazine prints, and what was ordered."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.site.prose import Passage, passages_of

CURRENCY = "EUR"
DELIVERY = Decimal(6)
FREE_DELIVERY_FROM = Decimal(80)


def delivery_of(value: Decimal) -> Decimal:
    """What it costs to send goods of that value.

    >>> delivery_of(Decimal("79.99")), delivery_of(Decimal(80))
    (Decimal('6'), Decimal('0'))
    """
    return DELIVERY if value < FREE_DELIVERY_FROM else Decimal(0)


class Translated(models.Model):
    """Something whose texts are in English, with what other languages say instead beside them."""

    TEXTS: ClassVar[tuple[str, ...]]

    translations = models.JSONField(default=dict, blank=True)  # language → field → text

    class Meta:
        abstract = True

    @property
    def said(self) -> dict[str, Any]:
        """The texts in the page's language; what was not translated stays English."""
        translated = self.translations.get(get_language() or "", {})
        return {name: translated.get(name, getattr(self, name)) for name in self.TEXTS}


class Category(Translated):
    TEXTS = ("name", "tagline", "introduction")

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=60)
    tagline = models.CharField(max_length=120)
    introduction = models.TextField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("site:category", args=[self.slug])

    @property
    def picture(self) -> str:
        """The static path of the category's picture."""
        return f"site/pictures/category-{self.slug}.svg"


class Product(Translated):
    TEXTS = ("name", "tagline", "color", "description", "details", "picture_alt")

    item_id = models.CharField(max_length=12, primary_key=True)
    slug = models.SlugField(unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=120)
    color = models.CharField(max_length=40)
    description = models.TextField()
    details = models.JSONField(default=list)
    sizes = models.JSONField(default=list, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    picture_alt = models.CharField(max_length=160)
    featured = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()
    words = models.JSONField(default=dict, blank=True)  # language → what searching reads

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("site:product", args=[self.category_id, self.slug])

    @property
    def picture(self) -> str:
        """The static path of the product's picture."""
        return f"site/pictures/{self.slug}.svg"

    @property
    def usual_size(self) -> str:
        """The size that is chosen beforehand: the middle one, or none where there are no sizes."""
        return self.sizes[len(self.sizes) // 2] if self.sizes else ""


class Topic(Translated):
    TEXTS = ("name", "introduction")

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=60)
    introduction = models.TextField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("site:topic", args=[self.slug])


class Article(Translated):
    TEXTS = ("title", "standfirst", "body", "picture_alt")

    slug = models.SlugField(primary_key=True)
    title = models.CharField(max_length=120)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="articles")
    author = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    standfirst = models.TextField()
    body = models.TextField()
    picture_alt = models.CharField(max_length=160)
    order = models.PositiveSmallIntegerField()
    words = models.JSONField(default=dict, blank=True)  # language → what searching reads

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("site:article", args=[self.slug])

    @property
    def picture(self) -> str:
        """The static path of the picture above the article."""
        return f"site/pictures/{self.slug}.svg"

    @property
    def passages(self) -> list[Passage]:
        return passages_of(self.said["body"])


class Order(models.Model):
    """One purchase, with no more about the person than a parcel needs."""

    checkout_key = models.UUIDField(unique=True, editable=False)  # made with the cart: the same cart is bought once
    number = models.CharField(max_length=12, unique=True, editable=False)
    placed_at = models.DateTimeField()
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )  # none for those who ordered without an account, or closed theirs
    name = models.CharField(_("Name"), max_length=80)
    email = models.EmailField(_("E-mail"), max_length=120)
    street = models.CharField(_("Street and number"), max_length=120)
    postcode = models.CharField(_("Postcode"), max_length=12)
    city = models.CharField(_("Town"), max_length=60)
    country = models.CharField(_("Country"), max_length=2)
    value = models.DecimalField(max_digits=10, decimal_places=2)  # of the goods
    delivery = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        ordering = ("-placed_at",)

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Decimal:
        return self.value + self.delivery


class OrderLine(models.Model):
    """A line of an order: a copy, so that it stays true when the catalog changes."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    item_id = models.CharField(max_length=12)
    item_category = models.CharField(max_length=50)
    name = models.CharField(max_length=80)
    size = models.CharField(max_length=8, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def said_name(self) -> str:
        """What it was called when it was ordered, in the language of the order."""
        return self.name

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


class Subscriber(models.Model):
    """Somebody who wants the letter: an address, its language, and since when."""

    email = models.EmailField(max_length=120, unique=True)  # in small letters
    language = models.CharField(max_length=8)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.email
