"""What in a visitor's data leads to a person: left out for those who know visitors by pseudonyms only."""

from __future__ import annotations

import re
from typing import Final

IDENTIFYING: Final = frozenset(
    {
        "transaction_id", "order_id", "user_id", "customer_id", "first_name", "last_name", "full_name", "user_name",
        "username", "surname", "email", "mail", "phone", "telephone", "address", "street", "birthday", "birthdate",
        "iban",
    }
)  # fmt: skip
"""What a property of this name holds (`billing_email` counts as `email`) leads to a name elsewhere, or is one."""

NOT_SHOWN: Final = "…"

_MARKS: Final = ("@", "%40", "%2540", "+", "%2b", "tel:")
# Bounded on both sides, so that long texts cost no more than they are long. `%40` and `%2540`: @ in a URL.
_ADDRESS: Final = re.compile(
    r"""[^\s@/?&=#:;,<>()"'|]{1,64}(?:@|%(?:25)?40)[^\s@/?&=#:;,<>()"'|.]{1,63}(?:\.[^\s@/?&=#:;,<>()"'|.]{1,63}){1,8}""",
    re.IGNORECASE,
)
_TELEPHONE: Final = re.compile(r"(?:\+|%2B|tel:)\(?\d(?:(?:[ ()/.-]|%20){0,2}\d){6,16}", re.IGNORECASE)


def is_identifying(name: str) -> bool:
    """Whether a property of this name leads to a person.

    >>> [is_identifying(name) for name in ("email", "billing_email", "name", "item_name", "mailbox_size")]
    [True, True, True, False, False]
    """
    whole = f"_{name.casefold()}_"
    return whole == "_name_" or any(f"_{word}_" in whole for word in IDENTIFYING)


def without_addresses(text: str) -> str:
    """Leave out what looks like an e-mail address or a telephone number.

    >>> without_addresses("/thanks/anna%40example.org?call=+49 151 2345678"), without_addresses("size 10+2")
    ('/thanks/…?call=…', 'size 10+2')
    """
    folded = text.casefold()
    if not any(mark in folded for mark in _MARKS):
        return text
    return _TELEPHONE.sub(NOT_SHOWN, _ADDRESS.sub(NOT_SHOWN, text))
