"""The wheel, installed by the README's lines into an empty Django project and taken out of it again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture import build_wheel
from tests.docs.reading import code_blocks, section

TRY_IT = '''"""What a first visitor does: look, agree, do something."""
import os, re, uuid
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
django.setup()
from datetime import UTC, datetime
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.test import Client
from uuid_utils.compat import uuid7

import consent, tracking, personalization
for roof in (consent, tracking, personalization):
    assert "/installed/" in roof.__file__, roof.__file__

headers = {"Host": "localhost", "Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
visitor = Client(headers=headers)
page = visitor.get("/")
html = page.content.decode()
assert page.status_code == 200, page.status_code
assert 'data-attune-block="home-hero"' in html and "What everybody sees" in html, html
assert "data-attune-consent" in html and "tracker.js" in html, html
assert page["Cache-Control"].startswith("private"), page["Cache-Control"]

answer = visitor.post(
    "/consent/", {"choices": {"analytics": True, "personalization": True}}, content_type="application/json"
)
assert answer.status_code == 200, answer.content
now = datetime.now(UTC).isoformat()
event = {"id": str(uuid7()), "name": "view_item", "occurred_at": now, "properties": {"item_id": "A13"}}
answer = visitor.post("/collect/", {"events": [event]}, content_type="application/json")
assert (answer.status_code, answer.json()["accepted"]) == (202, 1), answer.content

from personalization.content.models import Block, Variant
from personalization.segments.models import Segment
segment = Segment.objects.create(slug="lookers", name="Lookers", rule={"event": "view_item"}, status="active")
block = Block.objects.create(key="home-hero", name="Hero")
variant = Variant.objects.create(block=block, name="Seen", body="<p>What lookers see</p>", audience_kind="segments")
variant.segments.add(segment)
assert "What lookers see" in visitor.get("/").content.decode()
assert "What lookers see" not in Client(headers=headers).get("/").content.decode()

get_user_model().objects.create_superuser("editor", "editor@example.org", "secret")
editor = Client(headers=headers)
editor.login(username="editor", password="secret")
html = editor.get(f"/admin/attune_content/block/{block.pk}/change/").content.decode()
files = set(re.findall(r"/static/([^\\"?]+)", html))
assert any(name.startswith("django_prose_editor/") for name in files), files
missing = {name for name in files if finders.find(name) is None}
assert not missing, missing
print("It works.")
'''


def run(folder: Path, *command: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), str(folder / "installed")])
    done = subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)[:80]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def follow_the_readme(folder: Path) -> list[str]:
    """Make a project, install the wheel and do what the README says; the commands that it says to run."""
    wheel = build_wheel(folder / "dist")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # What Attune depends on comes from the environment of this test: nothing is fetched.
    alone = ["--no-index", "--no-deps", "--no-compile", "--target", str(folder / "installed"), str(wheel)]
    done = subprocess.run([*pip, *alone], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run(folder, "-m", "django", "startproject", "mysite", ".")
    text = section("README.md", "In your own project")
    for block in code_blocks(text, "python"):
        name, _, lines = block.text.partition("\n")
        path = folder / "mysite" / name.removeprefix("# ")
        path.write_text(f"{path.read_text()}\n{lines}")
    (template,) = code_blocks(text, "django")
    (folder / "templates").mkdir()
    (folder / "templates" / "base.html").write_text(template.text)
    # The project's own: where its templates lie, and a page.
    with (folder / "mysite" / "settings.py").open("a") as settings:
        settings.write('\nTEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]\n')
    with (folder / "mysite" / "urls.py").open("a") as urls:
        urls.write(
            "\nfrom django.views.generic import TemplateView\n"
            'urlpatterns += [path("", TemplateView.as_view(template_name="base.html"))]\n'
        )
    (commands,) = code_blocks(text, "")
    return commands.text.splitlines()


def test_installation__followed_in_an_empty_project__works(tmp_path: Path, sqlite_only: None) -> None:
    said = []
    for line in follow_the_readme(tmp_path):
        python, *command = line.split()
        assert python == "python"
        said.append(run(tmp_path, *command))
    assert "Made the group" in said[1]
    assert "(personalization." not in said[1]
    assert "no issues" in said[2]
    (tmp_path / "try_it.py").write_text(TRY_IT)
    assert run(tmp_path, "try_it.py") == "It works.\n"


LOOK_AGAIN = '''"""What a visitor sees once Attune is gone."""
import importlib.util, os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
django.setup()
from django.db import connection
from django.template import engines
from django.test import Client

for roof in ("consent", "tracking", "personalization"):
    assert importlib.util.find_spec(roof) is None, roof
visitor = Client(headers={"Host": "localhost"})
page = visitor.get("/")
html = page.content.decode()
assert page.status_code == 200, page.status_code
assert "<h1>What everybody sees</h1>" in html, html
assert "attune" not in html and "<script" not in html, html
assert not visitor.cookies, visitor.cookies
tags = engines["django"].from_string(
    '{% load personalization %}{% if_segment "a" %}in{% else %}out{% endif_segment %}'
    '{% if_segment "a" %}in{% endif_segment %}{% cta "join" %}.'
)
assert tags.render() == "out.", tags.render()
left = [name for name in connection.introspection.table_names() if name.startswith("attune")]
assert not left, left
from django.contrib.contenttypes.models import ContentType
assert not ContentType.objects.filter(app_label__startswith="attune").exists()
print("It is gone.")
'''
UNINSTALL = "docs/how-to/uninstall.md"


def commands(text: str) -> list[list[str]]:
    """The arguments of Python in the text's command blocks, a line each."""
    lines = [line.split() for block in code_blocks(text, "") for line in block.text.splitlines()]
    assert all(line[0] == "python" for line in lines)
    return [line[1:] for line in lines]


def test_uninstallation__of_the_installed_project__leaves_pages_with_their_default(
    tmp_path: Path, sqlite_only: None
) -> None:
    for line in follow_the_readme(tmp_path):
        run(tmp_path, *line.split()[1:])
    file, setting = code_blocks(section(UNINSTALL, "1. Replace the tags"), "python")
    name, _, text = file.text.partition("\n")
    (tmp_path / name.removeprefix("# ")).write_text(text)
    settings = tmp_path / "mysite" / "settings.py"
    settings.write_text(f"{settings.read_text()}\n{setting.text}")
    run(tmp_path, "manage.py", "check")
    for command in commands(section(UNINSTALL, "2. Drop the tables")):
        run(tmp_path, *command, "--no-input")
    for block in code_blocks(section("README.md", "In your own project"), "python"):
        name, _, lines = block.text.partition("\n")
        path = tmp_path / "mysite" / name.removeprefix("# ")
        assert lines in path.read_text()
        # `include` and `path` are imported by those lines, and are the project's own, too.
        kept = "".join(line for line in lines.splitlines(keepends=True) if line.startswith("from django"))
        path.write_text(path.read_text().replace(lines, kept))
    for command in commands(section(UNINSTALL, "3. Take out the lines")):
        run(tmp_path, *command)
    assert commands(section(UNINSTALL, "4. Remove the package")) == [["-m", "pip", "uninstall", "django-attune"]]
    # pip does not uninstall from a folder that it was told to install into.
    shutil.rmtree(tmp_path / "installed")
    run(tmp_path, "manage.py", "check")
    (tmp_path / "look_again.py").write_text(LOOK_AGAIN)
    assert run(tmp_path, "look_again.py") == "It is gone.\n"
