"""What editors might have made of the home page and the magazine, in each language, where it is missing."""

from __future__ import annotations

from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from cms.api import add_plugin, create_page, create_page_content
from cms.models import Page, PageContent, Placeholder
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.sites.models import Site
from django.db import transaction
from django.utils.translation import gettext, override
from djangocms_versioning.models import Version

from config.site.editorial.seeding import LANGUAGES
from config.site.seeds import LOGIN
from personalization.content.aiming import SEGMENTS
from personalization.content.deciding.blocks import Showing
from personalization.djangocms.models import OTHERS
from personalization.segments.models import Segment

ADDRESS = "https://larkmoor.example/"
"""What the names of blocks are made from, so that two demos have the same."""


class SeededPage(NamedTuple):
    """A page of the CMS: its name among the pages, its address and its template."""

    name: str
    slug: str
    template: str


HOME = SeededPage("home", "home", "pages/home.html")
MAGAZINE = SeededPage("magazine", "magazine", "pages/magazine.html")


@transaction.atomic
def seed_pages() -> list[str]:
    """Make and publish the pages that are missing; whatever version of one there is stays as it is.

    Returns the names of what was made.
    """
    author = get_user_model()._default_manager.get(username=LOGIN)
    Site.objects.filter(domain="example.com").update(domain="larkmoor.example", name="Larkmoor")
    Site.objects.clear_cache()
    made = []
    for seeded in (HOME, MAGAZINE):
        for language, _ in settings.LANGUAGES:
            with override(language):
                if _seed_page(seeded, language, author):
                    made.append(f"{seeded.name} ({language})")
    return made


def _seed_page(seeded: SeededPage, language: str, author: User) -> bool:
    page = Page.objects.filter(reverse_id=seeded.name).first()
    if page is not None and PageContent.admin_manager.filter(page=page, language=language).exists():
        return False
    words = _words_of_home(language) if seeded is HOME else _words_of_magazine()
    if page is None:
        page = create_page(
            template=seeded.template,
            language=language,
            slug=seeded.slug,
            reverse_id=seeded.name,
            created_by=author,
            in_navigation=True,
            **words,
        )
        if seeded is HOME:
            page.set_as_homepage(author)
    else:
        create_page_content(
            language=language,
            page=page,
            slug=seeded.slug,
            template=seeded.template,
            created_by=author,
            in_navigation=True,
            **words,
        )
    content = PageContent.admin_manager.get(page=page, language=language)
    if seeded is HOME:
        _fill_promises(_slot(content, "promises"), language)
    else:
        add_plugin(_slot(content, "opening"), "TextPlugin", language, body=_opening())
        _fill_read_on(_slot(content, "read on"), language)
    Version.objects.get_for_content(content).publish(author)
    return True


def _words_of_home(language: str) -> dict[str, str]:
    return {
        "title": {"de": "Startseite"}.get(language, "Home page"),
        "page_title": gettext("Larkmoor: clothing for going out anyway"),
        "meta_description": gettext(
            "Clothing, boots and packs for people who go out anyway, and a magazine to read when they are back."
        ),
    }


def _words_of_magazine() -> dict[str, str]:
    return {
        "title": gettext("Magazine"),
        "page_title": gettext("The Larkmoor magazine"),
        "meta_description": gettext("Walks, places, care and know-how: twelve things to read with your boots off."),
    }


def _opening() -> str:
    lead = gettext(
        "Walks that went well enough, places with a kettle, and what our workshop wishes that everybody knew."
    )
    return f"<h1>{gettext('Read with your boots off')}</h1><p>{lead}</p>"


def _promises() -> tuple[str, str, str]:
    """Mending, new soles, sixty days."""
    return (
        _promise(
            gettext("Mended for life"),
            gettext("Tear it, send it, get it back in a fortnight. We keep every zip and buckle we have ever used."),
        ),
        _promise(
            gettext("Resoled, twice"),
            gettext("Our boots are stitched so that a cobbler can open them. The second pair of soles costs 60 euros."),
        ),
        _promise(
            gettext("Sixty days"),
            gettext("Wear it in the rain. If it is not right, bring it back muddy; we would like to know why."),
        ),
    )


def _promise(heading: str, text: str) -> str:
    return f"<h2>{heading}</h2><p>{text}</p>"


def _fill_promises(place: Placeholder, language: str) -> None:
    """What is promised, in the order in which it matters to whom."""
    mending, soles, days = _promises()
    more = LANGUAGES[language]
    block = add_plugin(
        place, "PersonalizedBlockPlugin", language, name=f"What we promise{more}", uuid=_name(language, "block")
    )
    for name, segment, texts in (
        ("Fans of boots: new soles first", "boots-fans", (soles, mending, days)),
        ("New visitors: sixty days first", "new-visitors", (days, mending, soles)),
        ("Mending first", "", (mending, soles, days)),
    ):
        variant = add_plugin(
            place,
            "PersonalizedVariantPlugin",
            language,
            target=block,
            name=f"{name}{more}",
            uuid=_name(language, segment or "others"),
            audience_kind=SEGMENTS if segment else OTHERS,
        )
        variant.segments.set(Segment.objects.filter(slug=segment))
        add_plugin(place, "TextPlugin", language, target=variant, body="".join(texts))


def _fill_read_on(place: Placeholder, language: str) -> None:
    """The articles that somebody has not read to their end, after the page: so that caches keep the magazine."""
    name = f"Where they left off{LANGUAGES[language]}"
    block = add_plugin(
        place,
        "PersonalizedBlockPlugin",
        language,
        name=name,
        uuid=_name(language, "block", of="read-on"),
        show=Showing.DEFERRED,
    )
    variant = add_plugin(
        place,
        "PersonalizedVariantPlugin",
        language,
        target=block,
        name=f"Begun to read{LANGUAGES[language]}",
        uuid=_name(language, "begun", of="read-on"),
    )
    heading = {"de": "Hier hast du aufgehört zu lesen"}.get(language, "Where you left off reading")
    settings = {"items_source": "continue_reading", "items_count": 3, "items_title": heading}
    add_plugin(place, "ItemListPlugin", language, target=variant, content=settings)
    add_plugin(
        place,
        "PersonalizedVariantPlugin",
        language,
        target=block,
        name=f"Nothing{LANGUAGES[language]}",
        uuid=_name(language, "others", of="read-on"),
        audience_kind=OTHERS,  # and nothing in it: they have begun to read nothing
    )


def _name(language: str, part: str, *, of: str = "promises") -> UUID:
    return uuid5(NAMESPACE_URL, f"{ADDRESS}{language}/{of}/{part}")


def _slot(content: PageContent, name: str) -> Placeholder:
    placeholder, _ = content.placeholders.get_or_create(slot=name)
    return placeholder
