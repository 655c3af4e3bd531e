"""What a request's visitor is known to be: one object a request, memoized on it, that never writes."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Final, TypeVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop

from consent.gate import Consent, consent_of
from consent.purposes import PERSONALIZATION
from personalization.profiles.head import Known, configuration_version, load
from personalization.rules import Decaying, Facts, Reason, Told
from personalization.rules.facts import Traits
from personalization.scoring.engagement import ENGAGEMENT
from personalization.segments.errors import PresenceUnknown
from personalization.segments.judging import ask, judge, matching, with_computed
from personalization.segments.published import Published, PublishedRule, published
from personalization.segments.request_fields import RequestFields, page_site
from personalization.segments.team import is_marked, is_team
from tracking.selectors import timeline_of
from tracking.timeline import Timeline, Value
from tracking.user_agents import is_bot

_MEMO: Final = "_attune_presence"
STAND_IN: Final = "_attune_stand_in"
"""Where a request carries what makes its presence, if that is not this visitor's."""

T = TypeVar("T")

NOT_KNOWN: Final = Reason(False, gettext_noop("There is no segment or rule of this name."))
NOT_AGREED: Final = Reason(False, gettext_noop("Not asked: the visitor has not agreed to personalization."))
A_CRAWLER: Final = Reason(False, gettext_noop("Not asked: it is a crawler, and crawlers see what everyone else sees."))


class Presence:
    """The answers of one request at one moment.

    What is stored is believed until it is due; then the rules are judged here, in memory, so that the page is right
    even if every worker is down. Of those who did not agree to personalization (and of bots) only rules made of
    request conditions alone are asked.
    """

    unasked: ClassVar[tuple[Reason, ...]] = (NOT_KNOWN, NOT_AGREED, A_CRAWLER)
    """Reasons of no rule, since none was asked."""

    def __init__(self, request: HttpRequest, now: datetime) -> None:
        self.now = now
        self.consent: Consent = consent_of(request)
        self._request = request
        self._fields = RequestFields(request)
        self._contextual: dict[str, bool] = {}
        self._failed = False
        self.is_private = False
        """What it answered is for nobody else, and no cache may keep it."""
        self.kept: dict[str, Any] = {}
        """What the rooms above make of it, for as long as it lasts."""

    def asked(self, read: Callable[[], T]) -> T:
        """Read once; what failed is not asked again by each block, which might wait for a database each time."""
        if self._failed:
            raise PresenceUnknown("What failed earlier in this request is not asked again.")
        try:
            return read()
        except TimeoutError:
            raise  # time was over for who asked; others may well ask again
        except Exception:
            self._failed = True
            raise

    @cached_property
    def _known(self) -> Known:
        return self.asked(self._read_known)

    def _read_known(self) -> Known:
        consent = self.consent
        if (
            consent.visitor_id is None
            or consent.given_at is None
            or not consent.allows(PERSONALIZATION.code)
            or self.is_crawler
        ):
            return Known(None, configuration_version())
        return load(consent.visitor_id, given_at=consent.given_at)

    def is_team(self) -> bool:
        """Whether the site's own staff is looking. Those who are not are not asked who they are."""
        if is_marked(self._request):
            self.is_private = True
        return is_team(self._request)

    @cached_property
    def is_crawler(self) -> bool:
        """Whether it is a machine that says so, such as a search engine's."""
        return is_bot(self._request.META.get("HTTP_USER_AGENT", ""))

    @property
    def version(self) -> int:
        """The version of the published configuration that this request is answered by."""
        return self._known.version

    @property
    def is_known(self) -> bool:
        """Whether the visitor may be personalized for."""
        return self._known.head is not None

    @cached_property
    def _published(self) -> Published:
        version = self.version
        return self.asked(lambda: published(version))

    @cached_property
    def _timeline(self) -> Timeline:
        head = self._known.head
        visitor_id = self.consent.visitor_id
        # Without a profile nothing has happened that personalization may use: there is nothing to read.
        if head is None or visitor_id is None or not head.judged:
            return Timeline()
        return self.asked(lambda: timeline_of(visitor_id, purpose=PERSONALIZATION.code))

    @property
    def timeline(self) -> Timeline:
        """What the visitor did; empty for those who did not agree. Read once, and only if somebody asks."""
        return self._timeline

    @cached_property
    def _stored(self) -> Set[str]:
        head = self._known.head
        if head is None:
            return frozenset()
        current = self._published
        if not head.is_due(self.now, current.rules_version):
            return head.matching
        if all(rule.is_contextual for rule in current.rules.values()):
            return frozenset()
        return matching(judge(current, self._timeline, head.traits, self.now))

    @cached_property
    def _traits(self) -> Traits:
        head = self._known.head
        if head is None:
            return {}
        current = self._published
        if head.is_due(self.now, current.rules_version):
            return with_computed(current, self._timeline, head.traits, self.now)
        # A score of zero is not stored.
        return {**with_computed(current, Timeline(), {}, self.now), **head.traits}

    def _traits_for(self, rule: PublishedRule) -> Traits:
        """The score of somebody who has just acted costs the timeline: only for rules that ask for it."""
        if ENGAGEMENT in rule.rule.traits:
            return self._traits
        head = self._known.head
        return head.traits if head else {}

    def matches(self, key: str) -> bool:
        """Whether the visitor matches the segment (its slug) or the rule of a source (its key)."""
        rule = self._published.rules.get(key)
        if rule is None or rule.trouble:
            return False
        if not rule.is_contextual:
            return key in self._stored
        if key not in self._contextual:
            self._contextual[key] = self._may_ask(rule) and ask(rule, self._facts_for(rule), self.now).matches
        return self._contextual[key]

    def site(self) -> int | None:
        """The id of the site whose page it is; None where Django knows of no sites."""
        return page_site(self._request)

    def path(self) -> str:
        """The path of the page; behind a page, of the one that it is behind."""
        return self._request.path

    def knows(self, key: str) -> bool:
        """Whether there is an active segment, or a rule of a source, of this name."""
        return key in self._published.rules

    @cached_property
    def visitor(self) -> str:
        """The visitor's id; empty for those who may not be personalized for."""
        return str(self.consent.visitor_id) if self.is_known else ""

    def trait(self, name: str) -> Value | None:
        """What is known about the visitor under this name, as of now; None: nothing is, or they did not agree.

        The score of somebody who has just acted costs the timeline, as with `matches`.
        """
        head = self._known.head
        if head is None:
            return None
        known = (self._traits if name == ENGAGEMENT else head.traits).get(name)
        return known.value_at(self.now) if isinstance(known, Decaying) else known

    def why(self, key: str) -> Reason:
        """The same, clause by clause. It costs the timeline, and is for people who look."""
        rule = self._published.rules.get(key)
        if rule is None:
            return NOT_KNOWN
        if not rule.trouble and not self._may_ask(rule):
            return NOT_AGREED
        reason = ask(rule, self._facts_for(rule), self.now, explain=True).reason
        return reason if reason is not None else NOT_KNOWN

    def tell(self, key: str, reason: Reason, gettext: Callable[[str], str] = str) -> Told:
        """The reason that `why` gave under this key, in plain words of the language of who reads it."""
        rule = self._published.rules.get(key)
        if rule is None or rule.trouble or any(reason is one for one in self.unasked):
            return Told(reason.matches, gettext(reason.text))
        return rule.rule.tell(reason, gettext)

    def facts(self) -> Facts:
        """What a rule of the caller's own may be asked about: empty of behavior for those who did not agree."""
        return Facts(
            timeline=self._timeline,
            traits=self._traits,
            segments=frozenset(slug for slug in self._published.segment_slugs if self.matches(slug)),
            request=self._fields,
        )

    def _may_ask(self, rule: PublishedRule) -> bool:
        return self.is_known or rule.is_request_only

    def _facts_for(self, rule: PublishedRule) -> Facts:
        """Only what this rule asks for: a rule without events needs no timeline."""
        return Facts(
            timeline=self._timeline if rule.rule.event_names else Timeline(),
            traits=self._traits_for(rule),
            segments=frozenset(slug for slug in rule.rule.segments if self.matches(slug)),
            request=self._fields,
        )


def presence_of(request: HttpRequest, now: datetime | None = None) -> Presence:
    """The presence of this request, made at the first call; `now` counts at that call only."""
    presence = getattr(request, _MEMO, None)
    if not isinstance(presence, Presence):
        make: Callable[[HttpRequest, datetime], Presence] = getattr(request, STAND_IN, Presence)
        presence = make(request, timezone.now() if now is None else now)
        setattr(request, _MEMO, presence)
    return presence


def forget_presence(request: HttpRequest) -> None:
    """Ask anew from here on: for a request in which the visitor acted or chose."""
    if hasattr(request, _MEMO):
        delattr(request, _MEMO)
