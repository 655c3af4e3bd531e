"""The house's own rules, held by tests: floors, names, words, what the wheel holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("config", "personalization", "tracking", "consent")
FLOORS = {
    # Labels of the Django apps, lowest floor first.
    "attune_consent": 0,
    "attune_tracking": 1,
    "attune_profiles": 2,
    "attune_scoring": 3,
    "attune_segments": 4,
    "attune_content": 5,
    "attune": 6,
    "attune_djangocms": 6,
    "demo_site": 7,
    "demo_simulator": 8,
}


def project_files(*suffixes: str) -> list[Path]:
    """Every file of the project with one of the suffixes that git does not ignore, relative to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # the git of this machine
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return sorted(Path(name) for name in listed if name.endswith(suffixes) and (PROJECT / name).is_file())


def build_wheel(folder: Path) -> Path:
    """Build the wheel of the work tree into `folder`; needs no network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel
