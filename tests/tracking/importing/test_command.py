"""``manage.py import_events``: what it prints, and how it refuses."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.tracking.importing.files import CLOCK, HEADER, written
from tracking.importing import services
from tracking.importing.models import Import


def run(*arguments: str, verbosity: int = 1) -> tuple[str, str]:
    """Run the command: what it prints, and what it shows meanwhile."""
    out, err = StringIO(), StringIO()
    call_command("import_events", *arguments, verbosity=verbosity, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of two rows, one of which cannot be read, with its mapping beside it, in the current folder."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "m.toml", CLOCK)
    return str(written(tmp_path / "old.csv", HEADER + "ann,2026-01-01T00:00:00Z,view,x,1\nann,never,view,x,1\n"))


@pytest.mark.django_db
def test_command__file_and_mapping__prints_the_report_and_shows_how_far_it_is(file: str) -> None:
    end = (timezone.now() - timedelta(days=1)).replace(microsecond=0)

    printed, shown = run(file, "--mapping", "m.toml", "--shift-to", end.isoformat())

    for text in (
        "Basis: Consent of 2025",
        "2 rows read",
        "1 events added",
        "1 rows could not be read",
        end.isoformat(),
    ):
        assert text in printed
    assert "old.csv.bad-rows.csv" in printed
    assert Path("old.csv.bad-rows.csv").exists()
    assert "rows/s" in shown


@pytest.mark.django_db
def test_command__without_shift__ends_now(file: str) -> None:
    before = timezone.now()
    run(file, "--mapping", "m.toml", verbosity=0)

    record = Import.objects.get()
    assert before <= record.last_event_at + record.shift <= timezone.now()


@pytest.mark.django_db
def test_command__quiet__shows_no_bar(file: str) -> None:
    assert run(file, "--mapping", "m.toml", verbosity=0)[1] == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.csv", "--mapping", "m.toml"], "cannot be opened"),
        ([".", "--mapping", "m.toml"], "cannot be opened"),
        (["old.csv", "--mapping", "nothing.toml"], "mapping nothing.toml cannot be opened"),
        (
            ["old.csv", "--mapping", "ga4"],
            "come along, and their names are enough: eshop_clothing, ga4_bigquery, rees46",
        ),
        (["old.csv", "--mapping", "wrong.toml"], "(?s)wrong.toml is wrong.*basis: is missing.*purposes: is missing"),
        (["old.csv", "--mapping", "bytes.toml"], "not UTF-8"),
        (["old.csv", "--mapping", "rees46"], "no column named"),
        (["old.csv", "--mapping", "m.toml", "--shift-to", "yesterday"], "no time"),
        (["old.csv", "--mapping", "m.toml", "--shift-to", "2026-02-30T00:00:00Z"], "no time"),
        (["old.csv", "--mapping", "m.toml", "--report", "nowhere/bad.csv"], "does not exist"),
    ],
)
def test_command__used_wrongly__says_what_to_do(file: str, arguments: list[str], message: str) -> None:
    written(Path("wrong.toml"), 'source = "x"')
    Path("bytes.toml").write_bytes(b"\xff")

    with pytest.raises(CommandError, match=message):
        run(*arguments)
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_command__interrupted_by_hand__says_how_to_go_on(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "record_events", interrupt)

    with pytest.raises(CommandError, match="again goes on"):
        run(file, "--mapping", "m.toml", verbosity=0)
