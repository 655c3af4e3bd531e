"""Opening and closing accounts, and who wants the letter."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from config.site.models import Subscriber

SIGNER = Signer(salt="larkmoor.letter")


def open_account(email: str, password: str) -> User | None:
    """A new account, named by its address; None where that address has one."""
    accounts = get_user_model()
    try:
        with transaction.atomic():
            # The password is hashed either way, so that the time taken does not tell whose address is known.
            return accounts.objects.create_user(email, email, password)
    except IntegrityError:
        return None


@transaction.atomic
def close_account(user: User) -> None:
    """Delete the account and end the letter. Orders stay, as books must, and no longer say whose account they were."""
    leave(user.email)
    user.delete()


def join(email: str, *, language: str, now: datetime) -> bool:
    """Send the letter to this address from now on, in this language; say whether that is new."""
    _, is_new = Subscriber.objects.update_or_create(
        email=email, defaults={"language": language}, create_defaults={"language": language, "joined_at": now}
    )
    return is_new


def leave(email: str) -> None:
    """No longer send the letter to this address."""
    Subscriber.objects.filter(email=email.lower()).delete()


def leaving_link(subscriber: Subscriber) -> str:
    """The path of the page that ends the letter to this subscriber: whoever got a letter holds it, and nobody else.

    It names no address; what it names stands in the query, which is not measured.
    """
    with override(subscriber.language):
        return f"{reverse('site:leave_newsletter')}?who={SIGNER.sign(str(subscriber.pk))}"


def subscriber_of(who: str) -> int | None:
    """The number of the subscriber whom a link names, who may have left already; None where the link is not ours."""
    try:
        return int(SIGNER.unsign(who))
    except BadSignature:
        return None


def gets_the_letter(email: str) -> bool:
    return Subscriber.objects.filter(email=email.lower()).exists()
