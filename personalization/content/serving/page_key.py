"""The key that a personalized page is stored under: what its rendering asked, and what was answered.

What a page asks next may depend on what was answered before. So nobody can tell its questions in advance, and a key
over a fixed list of them is either too coarse, and hands one visitor's page to another, or splits the page into more
versions than there are. Here the key is finished after the rendering, over what was really asked. To find a page again,
the ways that earlier renderings went are remembered: after these answers, that was asked next. They are a hint and
nothing more: whatever was learned, lost or overwritten, a page is stored only under the answers that made it, and found
only by a visitor who gets these very answers. What is not known yet costs a rendering, never a wrong page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

KEY_HEADER: Final = "X-Attune-Key"
"""The request header that carries the key past Django's cache middlewares. What a client sends under it is removed."""
KEY_META: Final = "HTTP_X_ATTUNE_KEY"
MOST_STEPS: Final = 2_000
"""A page that goes more ways than this is learned anew from here."""

Answer = Callable[[str], str]


class Step(msgspec.Struct, array_like=True):
    """One question on the way, and where it goes on from there."""

    question: str = ""
    """Empty: nothing more is asked."""
    usual: int = -1
    """The step that follows for most; -1 while none is known."""
    others: dict[str, int] = {}
    """A digest of the answers so far → the step that follows for those who gave them."""


class Ways(msgspec.Struct, array_like=True):
    """What the renderings of one page asked, one after the other. The first step stands before the first question."""

    steps: list[Step] = msgspec.field(default_factory=lambda: [Step()])
    token: str = ""
    """Part of every key: with it, all versions go at once."""
    headers: list[str] = []
    """Other request headers that the page varies on; what it asks may depend on them."""
    configuration: int = 0
    """The version of the configuration that the versions are counted of."""
    versions: list[str] = []
    """A digest of each version that was stored."""
    is_split: bool = False
    """It has more versions than are worth storing."""
    hits: int = 0
    misses: int = 0

    def answers(self, values: Mapping[str, Any], answer: Answer) -> dict[str, str] | None:
        """Go the way that the page would go with these answers; None where it was never gone.

        Args:
            values: the request headers, as in `request.META`.
            answer: gives the answer to a question.
        """
        given: dict[str, str] = {}
        step = self.steps[0]
        while True:
            following = step.usual
            if step.others:
                following = step.others.get(self._state(values, given), following)
            if following < 0:
                return None
            step = self.steps[following]
            if not step.question:
                return given
            given[step.question] = answer(step.question)

    def learn(self, values: Mapping[str, Any], answers: Mapping[str, str]) -> None:
        """Remember the way that a rendering went."""
        if len(self.steps) + sum(len(step.others) for step in self.steps) > MOST_STEPS:
            self.steps = [Step()]
        given: dict[str, str] = {}
        step = self.steps[0]
        for question, answer in [*answers.items(), ("", "")]:
            step = self._follow(step, question, self._state(values, given))
            if question:
                given[question] = answer

    def count(self, values: Mapping[str, Any], answers: Mapping[str, str], *, configuration: int, most: int) -> None:
        """Count this version of the page; with another configuration the counting starts anew."""
        if self.configuration != configuration:
            self.configuration, self.versions, self.is_split = configuration, [], False
        version = self._state(values, answers)
        if version not in self.versions:
            if len(self.versions) >= most:
                self.is_split = True
            else:
                self.versions.append(version)

    def vary_on(self, headers: list[str]) -> None:
        """Take note of what else the page varies on."""
        if missing := [header for header in headers if header not in self.headers]:
            self.headers = [*self.headers, *missing]
            self.steps = [Step()]

    def _follow(self, step: Step, question: str, state: str) -> Step:
        """The step to that question, which from now on follows for this state."""
        known = [step.usual, *step.others.values()]
        following = next((at for at in known if at >= 0 and self.steps[at].question == question), -1)
        if following < 0:
            following = len(self.steps)
            self.steps.append(Step(question))
        if step.usual < 0:
            step.usual = following
        elif step.usual == following:
            step.others.pop(state, None)
        else:
            step.others[state] = following
        return self.steps[following]

    def _state(self, values: Mapping[str, Any], given: Mapping[str, str]) -> str:
        return _digest(([values.get(header) for header in self.headers], list(given.items())), size=8)


def key_of(answers: Mapping[str, str], *, version: int, token: str = "") -> str:
    """The key of what these answers made, given by this version of the configuration.

    >>> key = key_of({"segment::fans": "1"}, version=7)
    >>> key == key_of({"segment::fans": "1"}, version=7), key == key_of({"segment::fans": "0"}, version=7)
    (True, False)
    """
    return _digest((token, version, list(answers.items())), size=16)


def encode(ways: Ways) -> bytes:
    """The ways as a cache keeps them."""
    return _encoder.encode(ways)


def decode(kept: object) -> Ways | None:
    """What a cache kept; None if it is nothing that this release wrote."""
    if not isinstance(kept, bytes):
        return None
    try:
        return _decoder.decode(kept)
    except msgspec.DecodeError:
        return None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Ways)


def _digest(value: object, *, size: int) -> str:
    return hashlib.blake2b(_encoder.encode(value), digest_size=size).hexdigest()
