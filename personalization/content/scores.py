"""The numbers that are known about visitors, for editors to choose what orders variants by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms
from django.db.models import Count
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.profiles.keeping import kept
from personalization.profiles.known_names import MOST, ValueKind
from personalization.profiles.models import Trait
from personalization.scoring.engagement import ENGAGEMENT
from personalization.scoring.models import EngagementScore
from tracking.counts import people_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEPT: Final = 5 * 60
"""Seconds for which the names are kept: finding them looks at all that is known about everybody."""
_NAME: Final = "attune:1:scores"
_NUMBERS: Final = ("number", "integer", "real")


@dataclass(frozen=True, slots=True)
class Score:
    """A number that is known about some visitors."""

    name: str
    people: int

    @property
    def label(self) -> str:
        """Its name in words, and how many people have one. Below ten it is not said how many.

        >>> Score("likes_boots", 1200).label
        'Likes boots (likes_boots): known of 1,200 people'
        """
        words = str(EngagementScore._meta.verbose_name) if self.name == ENGAGEMENT else self.name
        words = words.replace("_", " ").replace("-", " ").strip()
        return _now("%(words)s (%(name)s): known of %(people)s people") % {
            "words": words[:1].upper() + words[1:],
            "name": self.name,
            "people": people_in_words(self.people, exact=False),
        }


def known_scores() -> list[Score]:
    """The numbers that are known about anybody, by name; one query, kept for minutes."""
    return kept(_NAME, _count, seconds=_KEPT)


def offer_scores(form: forms.BaseForm, scores: Sequence[Score] | None = None) -> None:
    """Let the form's score be chosen, if it has a field for it; what is stored can be kept, though nobody has it."""
    field = form.fields.get("score")
    if field is None:
        return
    known = known_scores() if scores is None else scores
    choices = [("", _now("None: it comes after those with a score")), *((one.name, one.label) for one in known)]
    stored = form.get_initial_for_field(field, "score") or getattr(getattr(form, "instance", None), "score", "")
    if stored and stored not in dict(choices):
        choices.append((stored, _now("%(name)s: known of nobody") % {"name": stored}))
    form.fields["score"] = forms.ChoiceField(
        label=field.label,
        choices=choices,
        required=False,
        help_text=_(
            "Where the best score comes first, the variant whose number is the highest for the visitor does. "
            "Your developer can store more numbers."
        ),
    )


def unknown_scores(names: set[str]) -> set[str]:
    """Those of these names that nobody has a number under; none while nobody has any but the engagement score."""
    known = {score.name for score in known_scores()} if names else set()
    return names - known - {ENGAGEMENT} if known - {ENGAGEMENT} else set()


def _count() -> list[Score]:
    numbers = Trait.objects.annotate(kind=ValueKind("value")).filter(kind__in=_NUMBERS)
    counted = dict(numbers.order_by().values_list("name").annotate(people=Count("pk")).order_by("-people")[:MOST])
    return [Score(name, people) for name, people in sorted({ENGAGEMENT: 0, **counted}.items())]
