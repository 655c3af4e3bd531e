"""What the demo starts from: the catalog as its files say it, and what editors might have made where it is missing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model

from config.site import catalog
from config.site.editorial.seeding import seed_editorial
from config.site.finding import ARTICLE_TEXTS, PRODUCT_TEXTS, words_of
from config.site.models import Article, Category, Product, Topic
from tracking.models import Goal

CURRENCY = "EUR"
LOGIN = "admin"
PASSWORD = "fourteen-sheep"  # noqa: S105  # of a demo that listens on this machine only; printed when it starts


@dataclass(frozen=True)
class SeedReport:
    """How many of each kind were made now; what was there already is not counted."""

    created: dict[str, int] = field(default_factory=dict)

    def count(self, model: type[Model], is_new: bool) -> None:
        if is_new:
            name = model.__name__
            self.created[name] = self.created.get(name, 0) + 1


@transaction.atomic
def seed(now: datetime | None = None) -> SeedReport:
    """Fill the database; a second run adds nothing and leaves alone what editors changed.

    Nothing seeded depends on the time, so that two demos are the same; `now` is there for callers that pass it.
    """
    report = SeedReport()
    _seed_catalog(report)
    seed_editorial(report.count)
    _seed_goal(report)
    _seed_login(report)
    return report


def _seed_catalog(report: SeedReport) -> None:
    """The files are the catalog's home, so its rows follow them."""
    shelves = {entry["slug"]: entry for entry in (*catalog.categories(), *catalog.topics())}
    for order, entry in enumerate(catalog.categories()):
        values = {**entry, "order": order}
        _, is_new = Category.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        report.count(Category, is_new)
    for order, entry in enumerate(catalog.products()):
        values = {**entry, "order": order, "category_id": entry["category"], "featured": entry.get("featured", False)}
        values["words"] = words_of(entry, PRODUCT_TEXTS, shelf=shelves[entry["category"]])
        del values["category"]
        _, is_new = Product.objects.update_or_create(item_id=values.pop("item_id"), defaults=values)
        report.count(Product, is_new)
    for order, entry in enumerate(catalog.topics()):
        values = {**entry, "order": order}
        _, is_new = Topic.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        report.count(Topic, is_new)
    for entry in catalog.articles():
        values = {
            **entry,
            "topic_id": entry["topic"],
            "words": words_of(entry, ARTICLE_TEXTS, shelf=shelves[entry["topic"]]),
        }
        del values["topic"]
        _, is_new = Article.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        report.count(Article, is_new)


def _seed_goal(report: SeedReport) -> None:
    """What is sold here costs euros; where a goal is about purchases already, it stays as it is."""
    if not Goal.objects.filter(event="purchase").exists():
        Goal.objects.create(name="Purchase", event="purchase", value_property="value", currency=CURRENCY)
        report.count(Goal, True)


def _seed_login(report: SeedReport) -> None:
    """An account that exists keeps its password."""
    accounts = get_user_model()
    if not accounts._default_manager.filter(username=LOGIN).exists():
        accounts._default_manager.create_superuser(LOGIN, "admin@larkmoor.example", PASSWORD)
        report.count(accounts, True)
