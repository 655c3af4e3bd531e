"""The rule language: one meaning, one evaluator, pure Python."""

from personalization.rules.describing import Told
from personalization.rules.errors import InvalidRule, Mistake
from personalization.rules.facts import Decaying, Facts, Reason, Verdict
from personalization.rules.limits import Limits
from personalization.rules.rule import Rule
from tracking.timeline import ALL

__all__ = ["ALL", "Decaying", "Facts", "InvalidRule", "Limits", "Mistake", "Reason", "Rule", "Told", "Verdict"]
