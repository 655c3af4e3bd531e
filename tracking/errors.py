"""What can go wrong in measuring.

TrackingError
├── InvalidEvent      an event that the site's own code sends is not one that we measure
├── InvalidBatch      a request body is no batch of events
│   └── BatchTooLarge more bytes or more events than a batch may have
└── ImportRefused     a file cannot be imported; its tree stands in tracking.importing.errors
"""


class TrackingError(Exception):
    """Base of all errors of this package."""


class InvalidEvent(TrackingError, ValueError):
    """An event of an unknown name or with properties of a wrong type."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class InvalidBatch(TrackingError, ValueError):
    """A body that is no batch: not UTF-8, not JSON, nested too deeply, or without a list of events."""


class BatchTooLarge(InvalidBatch):
    """A batch over the limit of bytes or events."""
