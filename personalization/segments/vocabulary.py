"""What rules can say, for the script that offers it as rows: names, operators, units, and the words for them.

The script edits the structure of a rule and nothing else: what a rule means, and whether it is one, the server says.
`ROWS` names all that rows can express; a clause with anything else stays a row of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from personalization.profiles.conf import conf
from personalization.profiles.known_names import known_names
from personalization.rules.conditions.request import WEEKDAYS as WEEKDAY_CODES
from personalization.rules.describing import Wording, plain, with_capital
from personalization.scoring.engagement import ENGAGEMENT
from personalization.scoring.models import EngagementScore
from personalization.segments.builder_texts import measures, tests, texts, units
from personalization.segments.examples import EXAMPLES
from personalization.segments.models import Segment, Status
from tracking.event_types import Kind, Registry, registered
from tracking.timeline import OWN_FIELDS

ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "event": ("event", "where", "within", "per", "measure", "of", "at_least", "at_most"),
    "abandoned": ("event", "where", "not_followed_by", "after", "within"),
    "step": ("event", "where"),
    "seen": ("seen", "within", "beyond"),
    "trait": ("trait",),
    "segment": ("segment",),
    "request": ("request",),
    "filter": ("property",),
}
"""The keys of each clause that a row can express; tests of values stand beside those of the last four."""
TEXT_ONLY: Final[frozenset[str]] = frozenset({"from", "to"})
"""What is written as text: stretches of the calendar."""

_NUMBERS: Final = frozenset({"hour"})
_TRUTHS: Final = frozenset({"logged_in"})
_DEVICES: Final = ("mobile", "tablet", "desktop")
_REQUEST: Final = (
    "referrer_host",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "device",
    "language",
    "country",
    "weekday",
    "hour",
    "path",
    "query.",
    "logged_in",
    "group",
    "browser",
    "os",
    "time_zone",
)
"""What rules may ask about the visit, what is asked most first; behind `query.` a part of the address is named."""


def vocabulary() -> dict[str, Any]:
    """All of it in the language of whoever asks, ready for JSON. As many queries however much there is."""
    wording = Wording(_)
    registry = registered()
    traits = _traits()
    segments = [
        {"value": slug, "label": name}
        for slug, name in Segment.objects.exclude(status=Status.ARCHIVED)
        .order_by("name", "slug")
        .values_list("slug", "name")
    ]
    return {
        "rows": ROWS,
        "events": _events(registry),
        "own": [{"value": name, "label": _label(wording.own_field(name))} for name in sorted(OWN_FIELDS)],
        "properties": _properties(registry),
        "traits": traits,
        "segments": segments,
        "request": _request_fields(wording),
        "choices": {"device": _devices(), "language": _languages(), "weekday": _weekdays()},
        "tests": tests(),
        "measures": measures(),
        "units": units(),
        "kinds": _kinds(registry, traits, segments),
        "examples": [{"label": str(example.title), "rule": example.rule} for example in EXAMPLES],
        "texts": texts(),
    }


def _label(words: str) -> str:
    return with_capital(words)


def _events(registry: Registry) -> list[dict[str, Any]]:
    """What we measure, by label; what happens most on a site is found by typing its first letters."""
    events = [
        {"value": name, "label": str(kind.label), "properties": sorted(kind.properties)}
        for name, kind in registry.items()
    ]
    return sorted(events, key=lambda event: str(event["label"]).casefold())


def _properties(registry: Registry) -> dict[str, dict[str, str]]:
    """The kind and the words of every property that is measured; of several kinds, any."""
    kinds: dict[str, set[Kind]] = {}
    for event in registry.values():
        for name, kind in event.properties.items():
            kinds.setdefault(name, set()).add(kind)
    return {
        name: {"label": _label(plain(name)), "kind": found.pop() if len(found) == 1 else "any"}
        for name, found in kinds.items()
    }


def _traits() -> list[dict[str, str]]:
    engagement = {"value": ENGAGEMENT, "label": _label(str(EngagementScore._meta.verbose_name)), "kind": "number"}
    others = (
        {"value": known.name, "label": _label(plain(known.name)), "kind": known.kind}
        for known in known_names()
        if known.name != ENGAGEMENT
    )
    return [engagement, *others]


def _request_fields(wording: Wording) -> list[dict[str, str]]:
    names = [*_REQUEST, *(f"cookie.{name}" for name in conf.PERSONALIZATION_RULE_COOKIES)]
    special = {
        "query.": _("a part of the page's address, by its name"),
        "time_zone": _("the time zone"),
        "utm_term": _("the campaign's search words"),
        "utm_content": _("the campaign's version"),
    }
    return [
        {
            "value": name,
            "label": _label(special.get(name) or wording.field(name)),
            "kind": "number" if name in _NUMBERS else "boolean" if name in _TRUTHS else "text",
        }
        for name in names
    ]


def _devices() -> list[dict[str, str]]:
    words = {"mobile": _("phone"), "tablet": _("tablet"), "desktop": _("computer")}
    return [{"value": device, "label": words[device]} for device in _DEVICES]


def _languages() -> list[dict[str, str]]:
    return [{"value": code, "label": _(name)} for code, name in settings.LANGUAGES]


def _weekdays() -> list[dict[str, str]]:
    return [{"value": code, "label": str(name)} for code, name in zip(WEEKDAY_CODES, WEEKDAYS.values(), strict=True)]


def _kinds(registry: Registry, traits: Iterable[Any], segments: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What can be added: its name, and the condition that one begins with."""

    def known(*names: str) -> str:
        return next((name for name in names if name in registry), next(iter(registry), "*"))

    viewed, bought, began = known("view_item", "page_view"), known("purchase"), known("add_to_cart", "form_start")
    trait = next(iter(traits))
    did = {"event": viewed, "within": "7d", "at_least": 1}
    kinds: list[tuple[str, dict[str, Any]]] = [
        (_("They did something"), did),
        (_("They did not do something"), {"event": bought, "within": "7d", "at_most": 0}),
        (
            _("They began something and did not finish it"),
            {"event": began, "not_followed_by": {"event": bought}, "after": "15m", "within": "7d"},
        ),
        (_("When they were here"), {"seen": "last", "beyond": "30d"}),
        (_("Something known about them"), {"trait": trait["value"], "at_least": 1}),
    ]
    if segments:
        kinds.append((_("They are in a segment"), {"segment": segments[0]["value"]}))
    kinds.append((_("Something about this visit"), {"request": "device", "is": "mobile"}))
    kinds.append((_("Several conditions in a box"), {"any": [did]}))
    return [{"label": label, "rule": rule} for label, rule in kinds]
