"""What every way of deployment must agree on."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "settings.md"
SETTINGS = set(re.findall(r"</a>`([A-Z0-9_]+)`", PAGE.read_text(encoding="utf-8")))
OTHERS = {"DJANGO_SETTINGS_MODULE", "HF_HOME", "PROMETHEUS_MULTIPROC_DIR"}
"""Read by Django, diffusers and Prometheus' client themselves; `AWS_…` by boto3."""
QUEUES = {*settings.WORKER_QUEUES, "pictures.painter", "pictures.diffusers"}


def mixing_pictures(commands: list[Any]) -> list[Any]:
    """Workers that make pictures and listen to other queues as well: those would wait until the pictures are made."""
    listening = {str(command): queues_in([command]) for command in commands}
    kinds_of = {command: {queue.startswith("pictures.") for queue in queues} for command, queues in listening.items()}
    return [command for command, kinds in kinds_of.items() if len(kinds) > 1]


def wrong_pools(commands: list[Any]) -> list[str]:
    """Workers of pictures hand them back when they are stopped, in one process; tasks of all others have an end."""
    texts = [" ".join(command) if isinstance(command, list) else str(command) for command in commands]
    return [
        text
        for text in texts
        if (queues := queues_in([text]))
        and ("--pool solo" in text) is not all(queue.startswith("pictures.") for queue in queues)
    ]


def unknown_settings(names: set[str]) -> list[str]:
    """Environment variables that nothing reads: misspelt, or gone."""
    own = {name for name in names if not name.startswith(("GRANIAN_", "AWS_"))} - OTHERS
    return sorted(name for name in own if name not in SETTINGS and name.removesuffix("_FILE") not in SETTINGS)


def queues_in(commands: list[Any]) -> set[str]:
    """The queues that workers of these commands listen to."""
    texts = [" ".join(command) if isinstance(command, list) else str(command) for command in commands]
    found = [re.search(r"--queues (\S+)", text) for text in texts]
    return {queue for match in found if match for queue in match[1].split(",")}


def copied_repository(folder: Path) -> Path:
    """A repository with this working tree as its only commit."""
    folder.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "The working tree"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    return folder
