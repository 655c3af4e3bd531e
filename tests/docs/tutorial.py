"""Does the tutorial: each command, file, output, sentence and picture of its Markdown, in their order.

The numbered steps are prose and are held to `SENTENCES`: one that none of them matches is a step that nobody did.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from config.services import free_port, start_child
from tests.architecture import build_wheel
from tests.docs.reading import document
from tests.services.waiting import PATIENCE, eventually

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Response

PAGE = "docs/tutorial/your-first-tailored-block.md"
SITE = "http://127.0.0.1:8000/"
CLONE = "/path/to/attune"
PASSWORD = "thought-of-one"
DESK = {"width": 1240, "height": 800}
# A reader's browser: that of a script is taken for a bot's.
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

_HEAD = re.compile(r"(?:# |\{# )(?P<path>\S+): (?P<how>the whole file|add at the end)(?: #\})?")
_PICTURE = re.compile(r"!\[[^\]]+\]\(\.\./images/(?P<name>[a-z-]+\.png)\)")
_SENTENCE = re.compile(r"((?:`[^`]*`|\*\*[^*]*\*\*|[^.`*])+)\.\s*")


class Part(NamedTuple):
    """Something to do or to check: what kind, and its text."""

    kind: str
    text: str


def parts(text: str) -> Iterator[Part]:
    """The tutorial from top to bottom: commands, python, django, text (an output), sentences of steps, pictures."""
    for chunk in re.split(r"^(```[^\n]*\n.*?^```)$", text, flags=re.MULTILINE | re.DOTALL):
        if chunk.startswith("```"):
            info, _, rest = chunk[3:-3].partition("\n")
            yield Part(info or "commands", rest)
            continue
        steps = re.split(r"^(\d+\. .*\n(?:\n?   +.*\n)*)", chunk, flags=re.MULTILINE)
        for number, prose in enumerate(steps):
            if number % 2:
                yield from _of_a_step(prose)
            else:
                assert "**" not in prose, f"what is stressed belongs into a numbered step: {prose}"
                assert "![" not in prose, f"a picture belongs into a numbered step: {prose}"


def _of_a_step(step: str) -> Iterator[Part]:
    words = re.sub(r"\s+", " ", step.partition(". ")[2])
    for number, chunk in enumerate(re.split(r"(!\[[^\]]*\]\([^)]*\))", words)):
        if number % 2:
            picture = _PICTURE.fullmatch(chunk)
            assert picture, chunk
            yield Part("picture", picture["name"])
            continue
        left = _SENTENCE.sub("", chunk).strip()
        assert not left, f"no sentence: {left}"
        for sentence in _SENTENCE.finditer(chunk):
            yield Part("sentence", sentence[1].strip())


class Terminal:
    """The reader's terminal in an empty folder; nothing is fetched, and the ports are this test's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.wheel = build_wheel(folder / "dist")
        self.address = f"http://127.0.0.1:{free_port()}/"
        self.log = folder / "server.log"
        self.said = ""
        self.server: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if name in {"HOME", "LANG", "TMPDIR"}}
        self.environment = kept | {
            # Its `python` is the one that runs this test.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_COMPILE": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }

    def run(self, lines: str) -> None:
        """Type the lines of one block, as one goes on in the same terminal."""
        self.said = ""
        for line in lines.splitlines():
            if line == "python manage.py runserver":
                self._serve()
            elif line == "source .venv/bin/activate":
                self._activate()
            else:
                self._run(line)

    def _run(self, line: str) -> None:
        command = shlex.split(line.replace(CLONE, str(self.wheel)))
        if "createsuperuser" in command:
            command.append("--no-input")  # the password comes from the environment
        if command[-2:] == ["venv", ".venv"]:
            command = [sys.executable, *command[1:]]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        self.said += done.stdout
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"

    def _activate(self) -> None:
        environment = self.folder / ".venv"
        assert (environment / "bin" / "activate").is_file()
        self.environment["PATH"] = os.pathsep.join([str(environment / "bin"), self.environment["PATH"]])
        # What Attune depends on comes from the environment of this test.
        (packages,) = (environment / "lib").glob("python*/site-packages")
        ours = next(path for path in sys.path if path.endswith("site-packages"))
        (packages / "dependencies.pth").write_text(f"{ours}\n")
        # It comes with Django, which pip would have brought.
        django = environment / "bin" / "django-admin"
        program = "from django.core.management import execute_from_command_line\nexecute_from_command_line()\n"
        django.write_text(f"#!{environment / 'bin' / 'python'}\n{program}")
        django.chmod(0o755)

    def _serve(self) -> None:
        port = self.address.rstrip("/").rpartition(":")[2]
        program = self.folder / ".venv" / "bin" / "python"
        command = [str(program), "manage.py", "runserver", "--noreload", port]
        self.server = start_child(command, log=self.log, env=self.environment, cwd=self.folder)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(self.address, timeout=PATIENCE):
                    return
            except urllib.error.HTTPError as error:
                raise AssertionError(self.log.read_text()) from error
            except OSError:
                assert self.server.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def write(self, text: str) -> None:
        """Write a file, or add to it, as its first line says."""
        first, _, lines = text.partition("\n")
        head = _HEAD.fullmatch(first)
        assert head, f"says neither which file nor how: {first}"
        path = self.folder / head["path"]
        if head["how"] == "add at the end":
            path.write_text(f"{path.read_text()}\n{lines}")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGKILL)
            self.server.wait()


class Reader:
    """The reader's browser: a window, and a private one."""

    def __init__(self, address: str, new_window: Callable[[], BrowserContext]) -> None:
        self.address = address
        self.first, self.private = new_window().new_page(), new_window().new_page()
        self.page = self.first
        self.measured: list[str] = []
        for page in (self.first, self.private):
            page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.url.endswith("/collect/") and response.status == 202:
            self.measured.append(response.request.post_data or "")

    # What the sentences of the steps mean

    def open(self, address: str) -> None:
        assert address.startswith(SITE)
        self.page.goto(address.replace(SITE, self.address))
        self.page.wait_for_load_state("networkidle")

    def open_privately(self, address: str) -> None:
        self.page = self.private
        self.open(address)

    def open_in_the_first_window(self, address: str) -> None:
        self.page = self.first
        self.open(address)

    def press(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        named = self._shown(button.or_(link).or_(self.page.get_by_text(name, exact=True)))
        if name in {"Accept", "Refuse"}:
            with self.page.expect_response("**/consent/") as answer:
                named.click()
            assert answer.value.status == 200
        else:
            named.click()
        self.page.wait_for_load_state("networkidle")

    def choose(self, name: str) -> None:
        """Choose a link: in the admin one of what can be worked on, not of the menu beside it."""
        main = self.page.locator("#content") if "/admin/" in self.page.url else self.page
        self._shown(main.get_by_role("link", name=name, exact=True)).click()
        self.page.wait_for_load_state("networkidle")
        item = self.page.locator("[data-attune-item-id]")
        if item.count():  # a reader takes longer to look than the tracker to tell
            told = f'"item_id":"{item.get_attribute("data-attune-item-id")}"'
            eventually(
                lambda: any(told in body for body in self.measured),
                lambda: f"{told} in {self.measured}",
                page=self.page,
            )
            self.measured.clear()

    def press_beside(self, name: str, button: str) -> None:
        row = self.page.locator("#content").get_by_role("row").filter(has=self.page.get_by_text(name, exact=True))
        row.get_by_role("link", name=re.compile(rf"^{re.escape(button)}")).last.click()
        self.page.wait_for_load_state("networkidle")

    def choose_the_first_visitor(self) -> None:
        self.page.locator("#result_list tbody tr").first.get_by_role("link").first.click()

    def write(self, value: str, label: str) -> None:
        if label == "Text":
            editor = self._shown(self.page.locator(".field-body .prose-editor > .ProseMirror"))
            editor.click()
            editor.press_sequentially(value)
        else:
            self._labelled(label).first.fill(value)

    def write_of_the_variant(self, value: str, label: str) -> None:
        self._labelled(label).last.fill(value)

    def write_the_password(self) -> None:
        self.write(PASSWORD, "Password")

    def select(self, label: str, option: str) -> None:
        self._labelled(label).first.select_option(option)

    def tick(self, label: str) -> None:
        self._shown(self.page.get_by_label(label, exact=True)).check()

    def see(self, words: str) -> None:
        self._shown(self.page.get_by_text(words)).wait_for()

    def see_not(self, words: str) -> None:
        assert self.page.get_by_text(words).locator("visible=true").count() == 0, words

    def _labelled(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}:?$")).locator("visible=true")

    def _shown(self, found: Locator) -> Locator:
        return found.locator("visible=true").first


SENTENCES: tuple[tuple[str, Callable[..., None]], ...] = (
    (r"Open `(.+)`", Reader.open),
    (r"In a private window, open `(.+)`", Reader.open_privately),
    (r"Back in the first window, open `(.+)`", Reader.open_in_the_first_window),
    (r"Press \*\*(.+)\*\*", Reader.press),
    (r"Beside \*\*(.+)\*\*, press \*\*(.+)\*\*", Reader.press_beside),
    (r"Choose \*\*(.+)\*\*", Reader.choose),
    (r"Choose the first visitor", Reader.choose_the_first_visitor),
    (r"Write `(.+)` into \*\*(.+)\*\*", Reader.write),
    (r"Write `(.+)` into the variant's \*\*(.+)\*\*", Reader.write_of_the_variant),
    (r"Write your password into \*\*Password\*\*", Reader.write_the_password),
    (r"Under \*\*(.+)\*\*, choose \*\*(.+)\*\*", Reader.select),
    (r"Tick \*\*(.+)\*\*", Reader.tick),
    (r"You see \*\*(.+)\*\*", Reader.see),
    (r"You do not see \*\*(.+)\*\*", Reader.see_not),
)
"""What the steps may say, and what is done then."""


def action_of(sentence: str) -> tuple[str, Callable[..., None], tuple[str, ...]]:
    """The pattern that a step's sentence matches, what it does, and with what."""
    found = [(pattern, do, match.groups()) for pattern, do in SENTENCES if (match := re.fullmatch(pattern, sentence))]
    assert len(found) == 1, f"the tutorial says {sentence!r}: {len(found)} of the known sentences match"
    return found[0]


def follow(terminal: Terminal, reader: Callable[[str], Reader], *, photograph: Callable[[Page, str], None]) -> None:
    """Do the whole tutorial. Pictures are handed to `photograph` with their names."""
    at_browser: Reader | None = None
    for part in parts(document(PAGE)):
        if part.kind == "commands":
            terminal.run(part.text)
        elif part.kind in {"python", "django"}:
            terminal.write(part.text)
        elif part.kind == "text":
            assert part.text.strip() in terminal.said, terminal.said
        else:
            at_browser = at_browser or reader(terminal.address)
            if part.kind == "sentence":
                _, do, words = action_of(part.text)
                do(at_browser, *words)
            elif part.kind == "picture":
                photograph(at_browser.page, part.text)
            else:
                raise AssertionError(f"a block of an unknown kind: {part.kind}")
