"""What can be wrong with a choice that a visitor sends, and with who is said to be a visitor.

ConsentError
├── MalformedChoice      the body is no choice: 400
│   └── UnknownPurpose   a purpose that this site does not ask about: 400
├── BodyTooLarge         more bytes than a choice can need: 413
├── RetiredPolicy        the texts have changed since they were shown: 409
└── NoVisitor            neither a visitor's id nor the value of their cookie
"""


class ConsentError(Exception):
    """Base of everything that the room of consent raises. The message may be shown to whoever sent it."""


class MalformedChoice(ConsentError):
    """The body cannot be read as a choice."""


class UnknownPurpose(MalformedChoice):
    """A choice names a purpose that is not asked about; nothing of that choice is applied."""


class BodyTooLarge(ConsentError):
    """The body is larger than any choice."""


class RetiredPolicy(ConsentError):
    """The choice was made about other texts than those of today; it has to be made again."""


class NoVisitor(ConsentError):
    """What was given names no visitor."""
