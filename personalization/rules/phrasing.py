"""The short technical phrases that reasons are made of ("3 of at least 3 `view_item` in 10m")."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from personalization.rules.windows import Between, SessionWindow, Span, Window
from tracking.timeline import Everything, Names

LONGEST = 80
NOT_TOLD = "known, not shown"


def code(text: str) -> str:
    """Return a name as it is written in rules."""
    return f"`{text}`"


def figure_text(value: Any) -> str:
    """Return a value that was found, short enough to read.

    >>> [figure_text(value) for value in (None, True, 2.0, 0.25, "trousers", ["a", 1])]
    ['nothing', 'true', '2', '0.25', '"trousers"', '["a", 1]']
    """
    match value:
        case None:
            text = "nothing"
        case bool():
            text = "true" if value else "false"
        case float():
            text = f"{value:.10g}"
        case Fraction():
            text = "a number beyond 1e308"
        case int():
            text = str(value) if abs(value) < 10**LONGEST else "a number beyond 1e80"
        case str():
            text = f'"{value}"'
        case list() | tuple():
            text = f"[{', '.join(figure_text(member) for member in value[:10])}{', …' if len(value) > 10 else ''}]"
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def times_text(number: str) -> str:
    """Return how often something was found.

    >>> times_text("0"), times_text("1"), times_text("4")
    ('never', 'once', '4 times')
    """
    return {"0": "never", "1": "once"}.get(number, f"{number} times")


def ago_text(age: timedelta) -> str:
    """Return how long ago something was: the two largest units, rounded down, so that no bound looks reached early.

    >>> [ago_text(timedelta(seconds=seconds)) for seconds in (0.5, 8.9, 899.9, 3600, 7_300_000)]
    ['0s', '8s', '14m 59s', '1h', '84d 11h']
    """
    left = age // timedelta(seconds=1)
    parts = []
    for letter, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        number, left = divmod(left, seconds)
        parts.append((number, letter))
    first = next((place for place, (number, _) in enumerate(parts) if number), len(parts) - 1)
    told = [f"{number}{letter}" for number, letter in parts[first : first + 2] if number]
    return " ".join(told) or "0s"


def bounds_text(low: float | None, high: float | None) -> str:
    """Return bounds in words.

    >>> bounds_text(3, None), bounds_text(None, 5), bounds_text(3, 5)
    ('at least 3', 'at most 5', '3 to 5')
    """
    if low is None:
        return f"at most {figure_text(high)}"
    if high is None:
        return f"at least {figure_text(low)}"
    return f"{figure_text(low)} to {figure_text(high)}"


def names_text(names: Names) -> str:
    """Return the names of events."""
    if isinstance(names, Everything):
        return "events of any kind"
    return " or ".join(code(name) for name in sorted(names))


def window_text(window: Window) -> str:
    """Return a window, with a leading space; nothing for the whole timeline."""
    match window:
        case Span():
            return f" in {window.text}"
        case SessionWindow():
            return " in the previous session" if window.previous else " in the session"
        case Between():
            return f" from {window.start.isoformat()} to {window.end.isoformat()}"
        case _:
            return ""


def operands_text(operands: dict[str, Any]) -> str:
    """Return a test as it is written, in words.

    >>> operands_text({"not_in": ["a", 1]})
    'not in ["a", 1]'
    """
    return " and ".join(f"{name.replace('_', ' ')} {figure_text(operand)}" for name, operand in operands.items())
