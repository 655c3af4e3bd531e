"""Making a choice: the one place where consent is granted, refused and withdrawn."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from consent import cookies, gate, keyed, selectors, stores
from consent.conf import settings
from consent.errors import RetiredPolicy, UnknownPurpose
from consent.gate import Choice, Consent
from consent.models import WithdrawalMark
from consent.purposes import BY_CODE, EVERY_PURPOSE, mask_of, policy_version
from consent.signals import consent_changed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChoiceOutcome:
    """What a choice came to: the consent from now on, and what was taken away."""

    consent: Consent
    withdrawn: int = 0
    chosen: bool = True

    def apply(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Set the cookies that say this. Where nothing was chosen, the cookies stay as they are."""
        if self.chosen:
            write_cookies(request, response, self.consent)


def write_cookies(request: HttpRequest, response: HttpResponseBase, consent: Consent) -> None:
    """Set the cookies that say this consent, or delete them where it says nothing."""
    if consent.given_at is None:
        cookies.delete(request, response, cookies.CONSENT, cookies.PROOF, cookies.VISITOR)
    else:
        cookies.write(
            request,
            response,
            choices=made(consent),
            policy=consent.policy,
            given_at=consent.given_at,
            visitor_id=consent.visitor_id,
        )


def made(consent: Consent) -> dict[str, bool]:
    """The choices that were made, without those that are unset."""
    return {code: choice == "granted" for code, choice in consent.choices.items() if choice != "unset"}


def choose(
    request: HttpRequest, choices: Mapping[str, bool], *, policy: str | None = None, now: datetime
) -> ChoiceOutcome:
    """Apply a visitor's choices; purposes that are not named stay as they are.

    `policy` is the version of the texts that the visitor was shown (None: today's). The answer's cookies take effect
    when `ChoiceOutcome.apply` puts them on a response; for the rest of this request the gate already sees them.

    - The first grant makes a visitor id; nothing is written on the server before there are events.
    - A first refusal writes nothing at all: it is remembered in the visitor's own cookies, without an identifier.
    - Taking a purpose away marks the time and lets every store erase, in one transaction. Every proof given before is
      refused from then on; while a purpose remains, a new proof given at that very time goes on.
    - A visitor id whose proof was withdrawn meanwhile (another tab, a replayed cookie) is never taken up again.

    Of two tabs that choose at once, each choice is applied whole, and the later one counts: its proof is the newer, and
    cookies of the earlier one that reach the browser last are refused by the mark or name a visitor without history.

    Raises UnknownPurpose (nothing is applied then) and RetiredPolicy.
    """
    unknown = sorted(code for code in choices if code not in BY_CODE)
    if unknown:
        raise UnknownPurpose(
            _("Unknown purpose: %(unknown)s. This site asks about: %(known)s.")
            % {"unknown": ", ".join(code[:50] for code in unknown[:5]), "known": ", ".join(BY_CODE)}
        )
    if policy is not None and policy != policy_version():
        raise RetiredPolicy(_("Our texts have changed since you were shown them. Please read them and choose again."))

    held = current_consent(request, now=now)
    if not choices:
        return ChoiceOutcome(held, chosen=False)
    chosen: dict[str, Choice] = dict(held.choices)
    chosen.update({code: "granted" if on else "refused" for code, on in choices.items()})
    granted = mask_of(code for code, choice in chosen.items() if choice == "granted")
    withdrawn, remaining = held.held & ~granted, held.held & granted

    visitor_id, given_at = held.visitor_id if remaining else None, now
    if held.visitor_id is not None and held.given_at is not None:
        # Strictly after the proof at hand and never before it, even if another server's clock is ahead of ours.
        given_at = max(now, held.given_at + timedelta(microseconds=1))
        if withdrawn:
            _withdraw(held.visitor_id, withdrawn=withdrawn, remaining=remaining, at=given_at)
            _announce(held.visitor_id, granted=granted & remaining, withdrawn=withdrawn)
    if granted and visitor_id is None:
        visitor_id = uuid.uuid4()
    if visitor_id is not None and granted & ~remaining:
        _announce(visitor_id, granted=granted, withdrawn=0)
    consent = Consent(choices=chosen, policy=policy_version(), given_at=given_at, visitor_id=visitor_id, held=granted)
    gate.remember(request, consent)
    return ChoiceOutcome(consent, withdrawn)


def withdraw_everything(visitor_id: UUID, *, now: datetime) -> dict[str, int]:
    """Withdraw for a visitor who is not there: mark the time, let every store erase; answers records by store.

    Whatever proof their browser holds is older than the mark, and refused.
    """
    erased = _withdraw(visitor_id, withdrawn=EVERY_PURPOSE, remaining=0, at=now)
    _announce(visitor_id, granted=0, withdrawn=EVERY_PURPOSE)
    return erased


def current_consent(request: HttpRequest, *, now: datetime) -> Consent:
    """The request's consent with withdrawals looked up: a visitor who has withdrawn since counts as a stranger.

    One query where the cookies name a visitor, none where they do not.
    """
    consent = gate.proven_by(request, now=now)
    if consent.visitor_id is None or consent.given_at is None:
        return consent
    if not selectors.is_withdrawn(consent.visitor_id, consent.given_at):
        return consent
    gate.remember(request, gate.NOTHING)
    return gate.NOTHING


def expire_marks(now: datetime) -> int:
    """Delete marks that no proof can be older than any more; answers how many."""
    horizon = now - settings.MAX_AGE - 2 * cookies.FUTURE_TOLERANCE
    return WithdrawalMark.objects.filter(withdrawn_at__lt=horizon).delete()[0]


def _withdraw(visitor_id: UUID, *, withdrawn: int, remaining: int, at: datetime) -> dict[str, int]:
    digest = keyed.mark_digest(visitor_id)
    with transaction.atomic():
        WithdrawalMark.objects.bulk_create([WithdrawalMark(digest=digest, withdrawn_at=at)], ignore_conflicts=True)
        WithdrawalMark.objects.filter(digest=digest, withdrawn_at__lt=at).update(withdrawn_at=at)
        erased = stores.erase_everywhere(visitor_id, withdrawn=withdrawn, remaining=remaining)
    log.info("A visitor withdrew (mask %d, remaining %d); erased: %s", withdrawn, remaining, erased)
    return erased


def _announce(visitor_id: UUID, *, granted: int, withdrawn: int) -> None:
    def send() -> None:
        consent_changed.send_robust(sender=None, visitor_id=visitor_id, granted=granted, withdrawn=withdrawn)

    transaction.on_commit(send)
