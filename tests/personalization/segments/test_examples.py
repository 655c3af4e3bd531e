"""The examples that editors start from."""

from __future__ import annotations

import pytest

from personalization.rules import Rule
from personalization.segments.examples import EXAMPLES, Example
from personalization.segments.fields import rule_mistakes


def test_examples__there_are__seven() -> None:
    assert len(EXAMPLES) == 7


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.title))
def test_example__as_it_stands__is_a_rule(example: Example) -> None:
    assert rule_mistakes(example.rule) == []
    assert Rule.parse(example.rule).describe()
