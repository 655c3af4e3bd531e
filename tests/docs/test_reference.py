"""The reference is complete and true: settings, checks, commands, tags, cookies, rules."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from pytest_django import Settings

from consent import checks as consent_checks
from consent import cookies
from consent.conf import Settings as ConsentSettings
from consent.purposes import policy_version
from personalization.conf import Settings as PersonalizationSettings
from personalization.rules import Rule
from personalization.schedule import SCHEDULE
from personalization.segments.team import TEAM
from personalization.templatetags.personalization import register
from tests.architecture import PROJECT, project_files
from tests.docs.reading import code_blocks, document, rows
from tracking.conf import Settings as TrackingSettings

DERIVED = {"TRACKING_RETENTION"}
"""Read by the code, set through another setting."""
GATHERED: tuple[tuple[type, str], ...] = (
    (ConsentSettings, "CONSENT_"),
    (TrackingSettings, "TRACKING_"),
    (PersonalizationSettings, ""),
)
SENTENCE = re.compile(r"```json\n(?P<rule>.*?)```\n> (?P<sentence>[^\n]+)", re.DOTALL)
PAGES_WITH_RULES = ("docs/reference/rules.md", "docs/how-to/write-a-segment.md", "docs/how-to/score-engagement.md")
LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")
DOCUMENTS = sorted(str(path) for path in project_files(".md") if path.parts[0] == "docs" or len(path.parts) == 1)


def settings_of_the_code() -> dict[str, Any]:
    """Each setting and the value that it has when nobody sets it."""
    found = {}
    for kind, prefix in GATHERED:
        instance = kind()
        for name in dir(kind):
            if isinstance(getattr(kind, name), property) and prefix + name not in DERIVED:
                found[prefix + name] = getattr(instance, name)
    return found


def value_of(text: str) -> Any:
    """The value that a cell of the table shows."""
    if days := re.fullmatch(r"timedelta\(days=(\d+)\)", text):
        return timedelta(days=int(days[1]))
    return ast.literal_eval(text)


def test_settings__page__has_each_with_its_default(settings: Settings) -> None:
    from django.conf import settings as configured

    told = {row[0].strip("`"): value_of(row[2].strip("`")) for row in rows(document("docs/reference/settings.md"))}
    for name in told:
        if hasattr(configured, name):
            delattr(settings, name)
    assert told == settings_of_the_code()


def ids_in_the_code() -> Counter[str]:
    """Every id that a check hands out, and how often it is given to a message."""
    found: Counter[str] = Counter()
    for path in project_files(".py"):
        if path.name in {"checks.py", "names.py"} and path.parts[0] in {"consent", "tracking", "personalization"}:
            found.update(re.findall(r'id="((?:consent|tracking|personalization)\.[EW]\d{3})"', path_text(path)))
    found.update(f"consent.E{number:03d}" for number, *_ in consent_checks._RULES)
    return found


def path_text(path: Path) -> str:
    return (PROJECT / path).read_text()


def test_checks__page__has_each_id_once() -> None:
    told = [row[0].strip("`") for row in rows(document("docs/reference/checks.md"))]
    assert Counter(told) == Counter(set(told))
    assert set(told) == set(ids_in_the_code())


def test_checks__ids_of_the_code__are_given_once() -> None:
    # Two types of one setting share a message, so an id may stand twice within one file, never in two.
    owners: dict[str, set[str]] = {}
    for path in project_files(".py"):
        if path.name == "checks.py" and path.parts[0] != "tests":
            for name in re.findall(r'id="([a-z]+\.[EW]\d{3})"', path_text(path)):
                owners.setdefault(name, set()).add(str(path))
    assert {name: files for name, files in owners.items() if len(files) > 1} == {}


def commands_of_the_packages() -> dict[str, str]:
    return {
        name: str(app)
        for name, app in get_commands().items()
        if str(app).split(".")[0] in {"consent", "tracking", "personalization"}
    }


def test_commands__page__has_each_with_its_options() -> None:
    sections = document("docs/reference/commands.md").split("\n## ")[1:]
    told = {section.partition("\n")[0]: section for section in sections}
    told.pop("Tasks")
    assert told.keys() == commands_of_the_packages().keys()
    inherited = {
        option
        for action in load_command_class("django.core", "check").create_parser("", "")._actions
        for option in action.option_strings
    }
    for name, app in commands_of_the_packages().items():
        parser = load_command_class(app, name).create_parser("", "")
        options = {option for action in parser._actions for option in action.option_strings}
        said = {option.strip("`") for option, _ in rows(told[name])}
        own = options - inherited - {"--skip-checks"}
        assert said == own, name
        # Whatever takes something says so in one line, in the order in which it is typed.
        places = [action.dest.upper() for action in parser._actions if not action.option_strings]
        (usage,) = re.findall(rf"^`{name} (.+)`$", told[name], re.MULTILINE) if own or places else ("",)
        assert re.findall(r"[A-Z]+", re.split(r"\[?--", usage)[0]) == places, name
        assert set(re.findall(r"--[a-z-]+", usage)) == own, name


def test_tasks__page__has_all_of_the_schedule() -> None:
    tasks = document("docs/reference/commands.md").partition("## Tasks")[2]
    assert {row[0].strip("`") for row in rows(tasks)} == {entry["task"] for entry in SCHEDULE.values()}


def test_template_tags__page__has_each() -> None:
    text = document("docs/reference/template-tags.md")
    headings = set(re.findall(r"^## ([a-z_]+)$", text, re.MULTILINE))
    assert headings == set(register.tags)


def test_cookies__page__has_each() -> None:
    page = document("docs/reference/cookies.md")
    assert {row[0].strip("`") for row in rows(page)} == {cookies.CONSENT, cookies.PROOF, cookies.VISITOR, TEAM}
    readable = cookies.encode_readable({"analytics": True, "personalization": False}, policy=policy_version())
    assert readable.replace("|", "\\|") in page


def examples() -> Iterator[tuple[str, str]]:
    for name in PAGES_WITH_RULES:
        for match in SENTENCE.finditer(document(name)):
            yield match["rule"], match["sentence"]


@pytest.mark.parametrize(("rule", "sentence"), list(examples()))
def test_rules__each_example__says_what_stands_below_it(rule: str, sentence: str) -> None:
    assert Rule.parse(json.loads(rule)).describe() == sentence


def test_rules__examples__all_have_their_sentence() -> None:
    blocks = [block for name in PAGES_WITH_RULES for block in code_blocks(document(name), "json")]
    assert len(list(examples())) == len(blocks)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links__each_document__lead_somewhere(name: str) -> None:
    targets = [match["target"] for match in LINK.finditer(document(name))]
    lost = [
        target
        for target in targets
        if "://" not in target and not ((PROJECT / name).parent / target).resolve().exists()
    ]
    assert lost == []
