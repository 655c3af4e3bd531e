"""The texts that pages ask gettext for; `python -m tests.config.site.messages` brings .po and .mo up to date."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[3]
LANGUAGE = "de"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
# What templatize makes of a template's tags; everything else is blanked out.
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(?:gettext|_)\({STRING}\)|\bngettext\({STRING}, *{STRING}, *count\)")
# The admin speaks English.
LEFT_OUT = {"simulator", "admin", "management"}


class Catalog(NamedTuple):
    """A folder of translations and where its texts stand."""

    folder: Path
    sources: tuple[Path, ...]

    @property
    def file(self) -> Path:
        """The .po file; the .mo file lies beside it."""
        return self.folder / LANGUAGE / "LC_MESSAGES" / "django.po"


VISITORS = ("offer", "preview_bar", "preview_over", "why")
CATALOGS = {
    "shop": Catalog(ROOT / "config/site/locale", (ROOT / "config/site", ROOT / "templates")),
    # Of the rest, what visitors read.
    "content": Catalog(
        ROOT / "personalization/content/locale",
        (
            ROOT / "personalization/page.py",
            ROOT / "personalization/content/bodies/samples.py",
            ROOT / "personalization/content/serving/codes.py",
            ROOT / "personalization/content/serving/linking.py",
            ROOT / "personalization/content/previewing/words.py",
            ROOT / "personalization/content/serving/revealing.py",
            ROOT / "personalization/content/serving/why.py",
            ROOT / "personalization/content/serving/why_page.py",
            *(ROOT / f"personalization/content/templates/personalization/{name}.html" for name in VISITORS),
        ),
    ),
    "consent": Catalog(ROOT / "consent/locale", (ROOT / "consent",)),
}


def texts_of(catalog: Catalog) -> dict[str, str]:
    """Every text that is asked for → its plural, or ""."""
    found: dict[str, str] = {}
    for source in catalog.sources:
        for file in [source] if source.is_file() else sorted(source.rglob("*")):
            if LEFT_OUT & {*file.relative_to(source).parts, file.stem}:
                continue
            if file.suffix == ".py":
                found |= dict(_in_python(file.read_text(encoding="utf-8")))
            elif file.suffix == ".html":
                found |= dict(_in_template(file.read_text(encoding="utf-8")))
    return found


def _in_python(text: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if said:
                yield said[0], said[1] if len(said) > 1 else ""


def _in_template(text: str) -> Iterator[tuple[str, str]]:
    for call in IN_TEMPLATE.findall(templatize(text)):
        yield from _in_python(call)


def bring_up_to_date(catalog: Catalog) -> None:
    """Add what is asked for, take out what no longer is, keep what is translated, and compile."""
    texts = texts_of(catalog)
    held = {entry.msgid: entry for entry in polib.pofile(str(catalog.file))} if catalog.file.exists() else {}
    written = polib.POFile(wrapwidth=110)
    written.metadata = {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text in sorted(texts):
        flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", text) else []
        plural = texts[text]
        entry = polib.POEntry(msgid=text, msgid_plural=plural, flags=flags)
        if text in held:
            entry.msgstr, entry.msgstr_plural = held[text].msgstr, held[text].msgstr_plural
        elif plural:
            entry.msgstr_plural = {0: "", 1: ""}
        written.append(entry)
    catalog.file.parent.mkdir(parents=True, exist_ok=True)
    written.save(str(catalog.file))
    written.save_as_mofile(str(catalog.file.with_suffix(".mo")))


if __name__ == "__main__":
    for one in CATALOGS.values():
        bring_up_to_date(one)
