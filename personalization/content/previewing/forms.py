"""The form in which an editor says as whom, when and how a page is to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import translate_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.previewing.preview import LONGEST, OWN, SHARED, Preview, with_token
from personalization.content.previewing.words import DEVICES
from personalization.content.revising.revisions import Revision
from personalization.content.serving.page_context import InvalidPage, PageContext
from personalization.profiles.head import configuration_version
from personalization.profiles.traits import Plain
from personalization.segments.assumed import Assumed
from personalization.segments.models import Segment, Status
from personalization.segments.published import published

MOST_KNOWN: Final = 30
"""So many of the things that rules ask for can be filled in."""
_KNOWN: Final = "known_"
_MOMENT: Final = "%Y-%m-%dT%H:%M"


class PageForm(forms.Form):
    """Which page is to be seen."""

    url = forms.CharField(
        label=_("Page"),
        initial="/",
        max_length=2_000,
        help_text=_("Its address on this site, such as “/shop/”. What stands after a “?” counts, too."),
    )

    def __init__(self, *args: Any, host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._host = host
        self.fields["url"].widget.attrs |= {"class": "vTextField"}

    def clean_url(self) -> str:
        """The path and query of a page of this site; no other address is led to."""
        return page_of(self.cleaned_data["url"].strip(), self._host)


class DraftsForm(PageForm):
    """Whether drafts are to be seen, where some wait."""

    drafts = forms.BooleanField(
        label=_("With the drafts that wait"),
        required=False,
        help_text=_("Blocks, calls to action, campaigns, groups and pictures as if their drafts were published."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Revision.objects.filter(state=Revision.State.DRAFT).exists():
            del self.fields["drafts"]


class PreviewForm(DraftsForm):
    """What is assumed of the visitor."""

    segments = forms.MultipleChoiceField(
        label=_("They are in these segments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whether they are in any other is decided by its rule, for a visitor who has done nothing yet."),
    )
    agreed = forms.BooleanField(
        label=_("They agreed to personalization"),
        required=False,
        initial=True,
        help_text=_("If not, they see only what depends on this visit, such as the device or the link that led here."),
    )
    logged_in = forms.BooleanField(label=_("They are logged in"), required=False)
    is_team = forms.BooleanField(
        label=_("They belong to my team"), required=False, help_text=_("And see what is on trial.")
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    country = forms.RegexField(
        label=_("Country"),
        required=False,
        regex=r"\A[A-Za-z]{2}\Z",
        error_messages={"invalid": _("Two letters, such as DE.")},
        help_text=_("Two letters, such as DE."),
    )
    device = forms.ChoiceField(
        label=_("Device"), required=False, choices=[("", _("As this browser")), *DEVICES.items()]
    )
    at = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        help_text=_("By the clocks of the site. Left empty: now."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Segment.objects.filter(status=Status.ACTIVE).order_by("name", "id")
        self.fields["segments"].choices = list(active.values_list("slug", "name"))  # type: ignore[attr-defined]  # a choice field
        self.fields["country"].widget.attrs |= {"size": 3, "maxlength": 2}
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]
        else:
            choices = [("", _now("As the page says")), *settings.LANGUAGES]
            self.fields["language"].choices = choices  # type: ignore[attr-defined]  # a choice field
        for name in _asked_for():
            self.fields[_KNOWN + name] = forms.CharField(label=name, required=False, max_length=200)

    def known_fields(self) -> list[forms.BoundField]:
        """What may be known about the visitor: as far as rules ask for it."""
        return [field for field in self if field.name.startswith(_KNOWN)]

    def other_fields(self) -> list[forms.BoundField]:
        """How and when they look."""
        return [self[name] for name in ("language", "country", "device", "at") if name in self.fields]

    def clean(self) -> dict[str, Any] | None:
        """Keep it short enough for an address."""
        cleaned = super().clean()
        if not self.errors and len(self.preview(by="0", shared=True, now=timezone.now()).sign()) > LONGEST - 50:
            raise ValidationError(_("That is more than an address can hold: assume less at once."), code="long")
        return cleaned

    def preview(self, *, by: str, shared: bool, now: datetime) -> Preview:
        """The state that was filled in."""
        values = self.cleaned_data
        known = {
            name.removeprefix(_KNOWN): _plain(value)
            for name, value in values.items()
            if name.startswith(_KNOWN) and value
        }
        assumed = Assumed(
            segments=tuple(values["segments"]),
            known=known,
            agreed=values["agreed"],
            country=values["country"].upper(),
            language=values.get("language", ""),
            device=values["device"],
            logged_in=values["logged_in"],
            is_team=values["is_team"],
            at=values["at"],
        )
        ends = now + (SHARED if shared else OWN)
        return Preview(assumed, ends, by, shared, drafts=values.get("drafts", False))


def page_of(address: str, host: str) -> str:
    """The path and query of an address on this site, without a state to see it in.

    Raises:
        ValidationError: it is no address of this site.
    """
    path = address
    if url_has_allowed_host_and_scheme(address, allowed_hosts={host}) and "://" in address:
        path = "/" + address.split("://", 1)[1].partition("/")[2]
    path = path.partition("#")[0]
    try:
        PageContext.read(page=path)
        is_page = path.startswith("/")
    except InvalidPage:
        is_page = False
    if not is_page:
        raise ValidationError(_("Give the address of a page of this site, such as “/shop/”."), code="page")
    return with_token(path, "")


def in_language(url: str, language: str) -> str:
    """The page's address in another language, where it has one of its own."""
    return translate_url(url, language) if language else url


def _asked_for() -> Iterable[str]:
    rules = published(configuration_version()).rules.values()
    return sorted({str(name) for rule in rules for name in rule.rule.traits})[:MOST_KNOWN]


def _plain(text: str) -> Plain:
    """What was typed, as rules compare it.

    >>> _plain("12"), _plain("0.5"), _plain("true"), _plain("gold")
    (12, 0.5, True, 'gold')
    """
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
