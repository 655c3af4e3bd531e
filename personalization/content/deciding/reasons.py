"""Why a block shows what it shows: outcomes, steps, and the sentences that say it. Pure: no Django, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

from personalization.content.strategies import BEST, FIRST
from personalization.rules import Reason


class Outcome(StrEnum):
    """Why a decision came out as it did."""

    VARIANT = "variant"
    NO_VARIANT_FITS = "no_variant_fits"
    GROUP = "group"
    PAUSED = "paused"
    ALL_PAUSED = "all_paused"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CHOSEN = "chosen"


class Passed(StrEnum):
    """What became of one variant on the way to the decision."""

    SHOWN = "shown"
    NOT_YET = "not_yet"
    OVER = "over"
    HOURS = "hours"
    CAMPAIGN = "campaign"
    LANGUAGE = "language"
    SITE = "site"
    TEAM = "team"
    AUDIENCE = "audience"
    NOT_COUNTED = "not_counted"
    CAP = "cap"
    CAMPAIGN_CAP = "campaign_cap"
    OVERALL_CAP = "overall_cap"
    RESTS = "rests"
    TIRED = "tired"
    GROUP = "group"
    LATER = "later"
    EMPTY = "empty"


Translate: TypeAlias = Callable[[str], str]
_: Translate = str
"""Marks what is translated where somebody reads it."""

_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.VARIANT: _("Of the variants that fit the visitor, these are shown: {variants}."),
    Outcome.NO_VARIANT_FITS: _("No variant fits the visitor: what everyone else sees is shown."),
    Outcome.GROUP: _(
        "Only one block of its group shows something, and “{other}” comes first: what everyone else sees is shown."
    ),
    Outcome.PAUSED: _("The block is paused: what everyone else sees is shown."),
    Outcome.ALL_PAUSED: _("Everything is paused: what everyone else sees is shown."),
    Outcome.UNKNOWN: _("No block has this name: what everyone else sees is shown."),
    Outcome.CHOSEN: _("It was chosen for a preview."),
    Outcome.FAILED: _("What is known about the visitor could not be read: what everyone else sees is shown."),
}
_PICKED_ONE: Mapping[str, str] = {
    FIRST: _("{variants} is the first that fits the visitor."),
    BEST: _("{variants} comes first by score of those that fit the visitor."),
}
_STEPS: Mapping[Passed, str] = {
    Passed.SHOWN: _("“{variant}” is shown."),
    Passed.NOT_YET: _("“{variant}” has not started yet."),
    Passed.OVER: _("“{variant}” is over."),
    Passed.HOURS: _("“{variant}” is shown on other days or at other hours."),
    Passed.CAMPAIGN: _("“{variant}” belongs to the campaign “{other}”, which is not running."),
    Passed.LANGUAGE: _("“{variant}” is for other languages."),
    Passed.SITE: _("“{variant}” is for other sites."),
    Passed.TEAM: _("“{variant}” is on trial: only the team sees it."),
    Passed.AUDIENCE: _("“{variant}” is for others."),
    Passed.NOT_COUNTED: _("“{variant}” has a limit, and what visitors see is counted only if they agreed."),
    Passed.CAP: _("“{variant}” was seen as often as it may be."),
    Passed.CAMPAIGN_CAP: _("“{variant}” belongs to a campaign that was seen as often as it may be."),
    Passed.OVERALL_CAP: _("“{variant}” is one too many: as much was seen of everything as may be."),
    Passed.RESTS: _("“{variant}” rests after what the visitor did."),
    Passed.TIRED: _("“{variant}” was seen often without a click, so others come first."),
    Passed.GROUP: _("“{variant}” gives way to the block “{other}”."),
    Passed.LATER: _("“{variant}” comes later in the order."),
    Passed.EMPTY: _("“{variant}” has nothing to show them."),
}

_NAMING: Mapping[Passed, str] = {
    Passed.RESTS: _("“{variant}” rests: the visitor reached the goal “{other}”."),
    Passed.TEAM: _("“{variant}” is on trial with the campaign “{other}”: only the team sees it."),
}
"""The same where there is a name to be told."""
_SCORE = _("Its score is {score}.")
_QUOTED = _("“{name}”")
_TRIAL = _("It is on trial: only the team sees it.")


class Step(msgspec.Struct, frozen=True):
    """One variant on the way to a decision, and why it was passed over or shown."""

    variant: str
    passed: Passed
    reasons: tuple[Reason, ...] = ()
    keys: tuple[str, ...] = ()
    """What was asked, a key for each of the reasons."""
    other: str = ""
    """The name of the block that it gives way to, of its campaign, or of the goal that it rests after."""
    score: float | None = None
    """What orders it, in a block that shows the best score first; None: nothing is known, or it does not fit."""

    @property
    def text(self) -> str:
        """One or two sentences for people, in English."""
        return self.told()

    def told(self, gettext: Translate = str) -> str:
        """The same in the language of who reads it."""
        steps = _NAMING if self.other and self.passed in _NAMING else _STEPS
        text = gettext(steps[self.passed]).format(variant=self.variant, other=self.other)
        return text if self.score is None else f"{text} {gettext(_SCORE).format(score=f'{self.score:g}')}"

    def to_json(self) -> dict[str, Any]:
        """The step as plain JSON data."""
        return {
            "variant": self.variant,
            "passed": str(self.passed),
            "text": self.text,
            "other": self.other,
            "score": self.score,
            "reasons": [reason.to_json() for reason in self.reasons],
        }


class DecisionReason(msgspec.Struct, frozen=True):
    """Why a block shows what it shows; the steps are there when an explanation was asked for."""

    outcome: Outcome
    variants: tuple[str, ...] = ()
    """The names of those that fit and were picked."""
    steps: tuple[Step, ...] = ()
    other: str = ""
    """The name of the block of its group that shows something instead."""
    pick: str = FIRST
    """The strategy that picked them."""
    is_trial: bool = False
    """One of them is on trial."""

    @property
    def text(self) -> str:
        """One sentence for people, in English."""
        return self.told()

    def told(self, gettext: Translate = str) -> str:
        """The same in the language of who reads it."""
        sentence = _OUTCOMES[self.outcome]
        if self.outcome is Outcome.VARIANT and len(self.variants) == 1:
            sentence = _PICKED_ONE.get(self.pick, sentence)
        names = ", ".join(gettext(_QUOTED).format(name=name) for name in self.variants)
        text = gettext(sentence).format(variants=names, other=self.other)
        return f"{text} {gettext(_TRIAL)}" if self.is_trial else text

    def to_json(self) -> dict[str, Any]:
        """The reason as plain JSON data."""
        return {
            "outcome": str(self.outcome),
            "text": self.text,
            "variants": list(self.variants),
            "pick": self.pick,
            "other": self.other,
            "steps": [step.to_json() for step in self.steps],
        }
