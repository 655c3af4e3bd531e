"""What the demo starts from: the catalog as its files say it, and what editors might have made where it is missing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model

from config.site import catalog
from config.site.editorial import BLOCKS, CALLS_TO_ACTION, SEGMENTS
from config.site.finding import ARTICLE_TEXTS, PRODUCT_TEXTS, words_of
from config.site.models import Article, Category, Product, Topic
from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.segments.models import Segment, Status

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
    _seed_segments(report)
    _seed_blocks(report)
    _seed_calls_to_action(report)
    _seed_login(report)
    return report


def _seed_catalog(report: SeedReport) -> None:
    """The files are the catalog's home, so its rows follow them."""
    for order, entry in enumerate(catalog.categories()):
        values = {**entry, "order": order}
        _, is_new = Category.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        report.count(Category, is_new)
    for order, entry in enumerate(catalog.products()):
        values = {**entry, "order": order, "category_id": entry["category"], "featured": entry.get("featured", False)}
        values["words"] = words_of(entry, PRODUCT_TEXTS)
        del values["category"]
        _, is_new = Product.objects.update_or_create(item_id=values.pop("item_id"), defaults=values)
        report.count(Product, is_new)
    for order, entry in enumerate(catalog.topics()):
        values = {**entry, "order": order}
        _, is_new = Topic.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        report.count(Topic, is_new)
    for entry in catalog.articles():
        values = {**entry, "topic_id": entry["topic"], "words": words_of(entry, ARTICLE_TEXTS)}
        del values["topic"]
        _, is_new = Article.objects.update_or_create(slug=values.pop("slug"), defaults=values)
        report.count(Article, is_new)


def _seed_segments(report: SeedReport) -> None:
    for slug, name, description, rule in SEGMENTS:
        defaults: dict[str, Any] = {"name": name, "description": description, "rule": rule, "status": Status.ACTIVE}
        _, is_new = Segment.objects.get_or_create(slug=slug, defaults=defaults)
        report.count(Segment, is_new)


def _seed_blocks(report: SeedReport) -> None:
    for seeded in BLOCKS:
        block, is_new = Block.objects.get_or_create(key=seeded.key, defaults={"name": seeded.name})
        report.count(Block, is_new)
        if not is_new:
            continue
        for order, one in enumerate(seeded.variants):
            kind = Variant.BodyKind.TEMPLATE if one.template else Variant.BodyKind.RICH_TEXT
            variant = Variant.objects.create(
                block=block,
                name=one.name,
                order=order,
                body_kind=kind,
                body=one.body,
                template_name=one.template,
                audience_kind=Variant.Audience.SEGMENTS,
            )
            variant.segments.set(Segment.objects.filter(slug__in=one.segments))
            report.count(Variant, True)


def _seed_calls_to_action(report: SeedReport) -> None:
    for seeded in CALLS_TO_ACTION:
        cta, is_new = CallToAction.objects.get_or_create(
            key=seeded.key, defaults={"name": seeded.name, "label": seeded.label, "url": seeded.url}
        )
        report.count(CallToAction, is_new)
        if not is_new:
            continue
        for order, (slug, label, url) in enumerate(seeded.overrides):
            segment = Segment.objects.get(slug=slug)
            CallToActionOverride.objects.create(cta=cta, segment=segment, order=order, label=label, url=url)
            report.count(CallToActionOverride, True)


def _seed_login(report: SeedReport) -> None:
    """An account that exists keeps its password."""
    accounts = get_user_model()
    if not accounts._default_manager.filter(username=LOGIN).exists():
        accounts._default_manager.create_superuser(LOGIN, "admin@larkmoor.example", PASSWORD)
        report.count(accounts, True)
