"""What a page carries beside its content: styles and scripts, the consent banner, a link to the preferences.

All of it is the same for every visitor, so that it leaves the page cacheable by anyone.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consent.rendering import banner_html
from personalization.content.conf import conf
from personalization.content.serving.data_layer import SCRIPT

_unmeasured: dict[str, Callable[[HttpRequest], bool]] = {}


def leave_unmeasured(name: str, is_unmeasured: Callable[[HttpRequest], bool]) -> None:
    """Leave tracker and consent banner out of pages of which this says so, such as those that an editor is working on.

    Called once, when the app called `name` is ready. Pages that visitors see say no, or no cache could keep them.
    """
    _unmeasured[name] = is_unmeasured


def head_html(request: HttpRequest | None = None) -> SafeString:
    """The styles, and the scripts of consent, tracker and blocks: files, run in this order once the page is there."""
    tracker: str = ""
    layer: str = ""
    if request is None or not is_unmeasured(request):
        tracker = format_html(
            '\n<script src="{}" data-attune-collect="{}" defer></script>',
            reverse("tracking:tracker"),
            reverse("tracking:collect"),
        )
        layer = data_layer_html()
    return format_html(
        '<link rel="stylesheet" href="{}">\n'
        '<link rel="stylesheet" href="{}">\n'
        '<script src="{}" defer></script>{}\n'
        '<script src="{}" data-attune-blocks="{}" defer></script>{}',
        static("consent/consent.css"),
        static("personalization/content/blocks.css"),
        static("consent/consent.js"),
        tracker,
        reverse("personalization:blocks-script"),
        reverse("personalization:blocks"),
        layer,
    )


def data_layer_html() -> str:
    """The script that tells tag managers; none where the site does not want it."""
    if not conf.PERSONALIZATION_DATA_LAYER:
        return ""
    script = static(SCRIPT)
    if not conf.PERSONALIZATION_DATA_LAYER_SEGMENTS:
        return format_html('\n<script src="{}" defer></script>', script)
    address = reverse("personalization:segments")
    return format_html('\n<script src="{}" data-attune-segments="{}" defer></script>', script, address)


def body_html(request: HttpRequest) -> SafeString:
    """The consent banner: an inert shell that the consent script shows where a choice is missing.

    Where nothing is measured nothing is asked: the banner would only lie over what an editor works on.
    """
    return SafeString("") if is_unmeasured(request) else banner_html(request)


def preferences_link_html() -> SafeString:
    """The link by which visitors see and change what they agreed to; with scripts it opens the banner in place."""
    return format_html(
        '<a class="attune-preferences" href="{}" data-attune-consent-open>{}</a>',
        reverse("consent:preferences"),
        _("Privacy choices"),
    )


def why_link_html(key: str) -> SafeString:
    """The link by which visitors read why they see what a block shows: the same for everybody."""
    return format_html(
        '<a class="attune-why" href="{}?{}" rel="nofollow">{}</a>',
        reverse("personalization:why"),
        urlencode({"block": key}),
        _("Why am I seeing this?"),
    )


def is_unmeasured(request: HttpRequest) -> bool:
    """Whether an editor works on this page, and no visitor sees it."""
    return any(says_so(request) for says_so in _unmeasured.values())
