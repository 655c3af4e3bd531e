"""The page about tags: the arguments that each takes, what it encloses, and examples that compile."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Engine, TemplateSyntaxError
from django.template.backends.jinja2 import Jinja2

from personalization.templatetags.personalization import register
from tests.docs.reading import code_blocks, document, rows

PAGE = "docs/reference/template-tags.md"
TAGS = [row for row in rows(document(PAGE).partition("\n## ")[0]) if len(row) == 3]
ENGINE = Engine(libraries={"personalization": "personalization.templatetags.personalization"})


def compiles(text: str) -> bool:
    try:
        ENGINE.from_string(f"{{% load personalization %}}{text}")
    except TemplateSyntaxError:
        return False
    return True


def test_tags__table__has_each() -> None:
    assert {row[0].strip("`") for row in TAGS} == set(register.tags)


@pytest.mark.parametrize(("tag", "argument", "encloses"), TAGS)
def test_tags__each__takes_what_the_table_says(tag: str, argument: str, encloses: str) -> None:
    name = tag.strip("`")
    count = 0 if argument == "none" else 1
    end = encloses.rpartition("up to ")[2].strip("`")
    rest = "" if encloses == "–" else f"{{% {end} %}}"
    takes = [number for number in range(4) if compiles(f"{{% {name} {'x ' * number}%}}{rest}")]
    assert takes == [count]
    assert compiles(f"{{% {name} {'x ' * count}%}}a{{% else %}}b{rest}") is ("`else`" in encloses)
    # Nothing encloses what it does not say, and an end may not be left out.
    assert not rest or not compiles(f"{{% {name} x %}}")


@pytest.mark.parametrize("example", [block.text for block in code_blocks(document(PAGE), "django")])
def test_examples__each__compiles(example: str) -> None:
    assert compiles(example)


def test_jinja2__told_settings__know_all_tags_of_the_example() -> None:
    text = document(PAGE)
    (lines,) = [block.text for block in code_blocks(text, "python") if "Jinja2" in block.text]
    (example,) = (block.text for block in code_blocks(text, "jinja"))
    names: dict[str, Any] = {"TEMPLATES": []}
    exec(lines, names)  # noqa: S102  # our own page
    (options,) = names["TEMPLATES"]
    Jinja2({"NAME": "jinja2", "DIRS": [], "APP_DIRS": options["APP_DIRS"], "OPTIONS": options["OPTIONS"]}).from_string(
        example
    )
    assert all(f"{{% {tag} " in example for tag in register.tags)
