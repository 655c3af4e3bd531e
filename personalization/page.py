"""What a page carries beside its content: styles and scripts, the consent banner, a link to the preferences.

All of it is the same for every visitor, so that it leaves the page cacheable by anyone.
"""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from consent.rendering import banner_html


def head_html() -> SafeString:
    """The styles, and the scripts of consent, tracker and blocks: files, run in this order once the page is there."""
    return format_html(
        '<link rel="stylesheet" href="{}">\n'
        '<link rel="stylesheet" href="{}">\n'
        '<script src="{}" defer></script>\n'
        '<script src="{}" data-attune-collect="{}" defer></script>\n'
        '<script src="{}" data-attune-blocks="{}" defer></script>',
        static("consent/consent.css"),
        static("personalization/content/blocks.css"),
        static("consent/consent.js"),
        reverse("tracking:tracker"),
        reverse("tracking:collect"),
        reverse("personalization:blocks-script"),
        reverse("personalization:blocks"),
    )


def body_html(request: HttpRequest) -> SafeString:
    """The consent banner: an inert shell that the consent script shows where a choice is missing."""
    return banner_html(request)


def preferences_link_html() -> SafeString:
    """The link by which visitors see and change what they agreed to; with scripts it opens the banner in place."""
    return format_html(
        '<a class="attune-preferences" href="{}" data-attune-consent-open>{}</a>',
        reverse("consent:preferences"),
        _("Privacy choices"),
    )
