"""The page about the simulated visitors has the model's own figures."""

from __future__ import annotations

from config.site.simulator import figures
from tests.docs.reading import document, rows

PAGE = "docs/explanation/simulator.md"


def test_page__table_of_intents__has_the_models_figures() -> None:
    told = {row[0]: [float(cell) for cell in row[1:]] for row in rows(document(PAGE)) if len(row) == 11}
    assert told == {intent.name: list(intent[1:11]) for intent in figures.INTENTS}


def test_page__table_of_features__has_the_models_coefficients() -> None:
    told = {row[0].strip("`"): float(row[2]) for row in rows(document(PAGE)) if len(row) == 3}
    assert told == dict(figures.COEFFICIENTS)


def test_page__lists_of_seasons__have_the_models_figures() -> None:
    text = document(PAGE)
    for figure in (figures.HOURS, figures.WEEKDAYS, figures.MONTHS):
        assert ", ".join(f"{value:g}" for value in figure) in text


def test_page__answers_to_the_banner__are_the_models() -> None:
    everything, measuring, content, nothing, silent = (round(100 * share) for share, _ in figures.CONSENT)
    text = " ".join(document(PAGE).split())
    assert (
        f"{everything} of 100 agree to everything, {measuring} to measuring only, {content} to personal content" in text
    )
    assert f"{nothing} refuse, {silent} never answer" in text
    assert f"{round(100 * figures.MOBILE)} of 100 a phone" in text
    assert f"{round(100 * figures.GERMAN)} of 100 German" in text
    assert f"{round(100 * figures.WITHDRAWS)} of 100 later take" in text
