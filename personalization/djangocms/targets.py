"""Pages of the CMS as targets of calls to action: ``cms-page:<id>``, right in every language and after every move."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from cms.models import Page, PageContent, PageUrl
from django.db.models.signals import post_delete, post_save
from django.utils.translation import get_language, gettext

from personalization.content import targets
from personalization.content.targets import TargetGone, TargetKind
from personalization.profiles.services import publish

KIND: Final = "cms-page"
_UID: Final = "attune_djangocms.targets"
_CHANGES: Final = ("move_page", "set_as_homepage", "update_urls")
"""What gives pages other addresses past the models' signals."""


def find(name: str) -> str:
    """The address of a page that visitors can see, in the active language or one that it falls back to.

    Raises:
        TargetGone: there is no such page, or it is not published.
    """
    page = Page.objects.filter(pk=int(name)).first() if name.isascii() and name.isdigit() else None
    # Who asks for contents gets those that are published.
    if page is None or not PageContent.objects.filter(page=page).exists():
        raise TargetGone(
            gettext("No page of the CMS that visitors can see has the number “%(name)s”.") % {"name": name}
        )
    address = page.get_absolute_url(get_language(), fallback=True)
    if not address:
        raise TargetGone(gettext("The page with the number “%(name)s” has no address.") % {"name": name})
    return str(address)


def known() -> Iterable[tuple[str, str, str]]:
    """The pages that visitors can see, by their titles; three queries."""
    titles: dict[str, str] = {}
    language = get_language()
    for content in PageContent.objects.order_by("page_id", "pk"):
        name = str(content.page_id)
        if name not in titles or content.language == language:
            titles[name] = content.title
    pages = Page.objects.filter(pk__in=titles).prefetch_related("urls")
    addresses = {str(page.pk): page.get_absolute_url(language, fallback=True) for page in pages}
    return [(name, title, address) for name, title in titles.items() if (address := addresses.get(name))]


def publish_address(sender: object, **kwargs: object) -> None:
    """After a page got or lost an address."""
    publish()


def _publishing(change: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(change)
    def changed(self: Page, *args: Any, **kwargs: Any) -> Any:
        result = change(self, *args, **kwargs)
        publish()
        return result

    return changed


def connect() -> None:
    """Offer the pages, and listen; called once the app is ready."""
    targets.register(TargetKind(KIND, find, known))
    post_save.connect(publish_address, sender=PageUrl, dispatch_uid=f"{_UID}.save")
    post_delete.connect(publish_address, sender=PageUrl, dispatch_uid=f"{_UID}.delete")
    for name in _CHANGES:
        setattr(Page, name, _publishing(getattr(Page, name)))
