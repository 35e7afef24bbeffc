"""What the README and the documentation show exists; what a newcomer enters, runs as it stands."""

import os
import re
import shutil
import signal
import subprocess
import sys
from argparse import _SubParsersAction
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.deploy.known import ROOT, copied_repository
from tools.services.ports import free_port, wait_until

BLOCK = re.compile(r"^ *```(?:console|sh|bash)?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"(?:^|[\s`(/])(?P<program>manage\.py|make) (?P<rest>[a-z][^`|#;&]*)")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]+")
NO_TARGETS = {"your", "zone1/3h"}
"""What follows "make" in prose and in arguments of commands."""


def shown() -> Iterator[tuple[str, str, str]]:
    """Page, program (`make` or `manage.py`) and what follows it."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        blocks = [line for block in BLOCK.findall(text) for line in re.sub(r"\\\n\s*", "", block).splitlines()]
        for piece in [*blocks, *re.findall(r"`[^`\n]+`", BLOCK.sub("", text))]:
            for found in SHOWN.finditer(piece):
                yield str(page.relative_to(ROOT)), found["program"], found["rest"].strip()


def options_of(name: str) -> set[str]:
    """Of the command, and of what it does by a second word."""
    app = get_commands()[name]
    parser = (load_command_class(app, name) if isinstance(app, str) else app).create_parser("manage.py", name)
    nested = [
        sub for action in parser._actions if isinstance(action, _SubParsersAction) for sub in action.choices.values()
    ]
    return {option for each in [parser, *nested] for option in each._option_string_actions}


def test_commands_that_are_shown_exist_with_their_options() -> None:
    commands = sorted({(page, rest) for page, program, rest in shown() if program == "manage.py"})
    assert len(commands) > 60
    names = get_commands()
    assert [command for command in commands if command[1].split()[0] not in names] == []
    unknown = [(*command, OPTION.findall(command[1])) for command in commands]
    assert [each for each in unknown if not set(each[2]) <= options_of(each[1].split()[0])] == []


def test_targets_that_are_shown_exist() -> None:
    targets = {rest.split()[0] for _, program, rest in shown() if program == "make"} - NO_TARGETS
    assert {"run", "test", "demo-visit", "docs"} <= targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert sorted(targets - set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))) == []


ENTERED = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorial").glob("*.md")), ROOT / "docs/how-to/integrate.md"]
"""The pages of a first hour, in this order."""
SNIPPET = re.compile(r"^( *)```(console|python)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
NOT_RUN = {
    "make test": "it runs these tests",
    "make run": "runs before all others, once",
}
MODELS = ROOT / "var" / "models"
ENOUGH, LONG = 3, 1200


def snippets() -> list[tuple[str, str, str]]:
    """Page, language and text of all that a reader of these pages enters: a line of a console, or a block of Python."""
    found = []
    for page in ENTERED:
        for _, language, text in SNIPPET.findall(page.read_text(encoding="utf-8")):
            if language == "python":
                found.append((page.name, language, text))
            else:
                lines = [line.strip().removeprefix("$ ") for line in text.splitlines() if line.strip().startswith("$ ")]
                found += [(page.name, language, line.partition(" #")[0].strip()) for line in lines]
    return found


@contextmanager
def garden_of_a_newcomer(folder: Path, port: int) -> Iterator[dict[str, str]]:
    """`make run` in a clone. Packages and converted networks are those of this checkout; the port is another one."""
    clone = copied_repository(folder / "emotion-garden")
    for name, stamps in ((".venv", (".base", ".tools")), ("node_modules", (".installed",))):
        (clone / name).mkdir()
        for path in (ROOT / name).iterdir():
            (clone / name / path.name).symlink_to(path)
        for stamp in stamps:
            (clone / name / stamp).unlink(missing_ok=True)
            (clone / name / stamp).touch()
    shutil.copytree(MODELS, clone / "var" / "models")
    left_out = ("DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "FACE_MODELS", "PYTEST_CURRENT_TEST")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"PORT": str(port), "PWD": str(clone)}
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["make", "run"], cwd=clone, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_until(lambda: "The garden is open." in output.read_text(encoding="utf-8") or process.poll() is not None)
        assert process.poll() is None, output.read_text(encoding="utf-8")
        yield environment
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()


def landscapes(clone: Path, mood: str) -> list[Path]:
    """The pictures of a mood so far: they are painted while the garden is open."""
    return list((clone / "var" / "media" / "emotions" / mood).rglob("*h.jpeg"))


def test_what_is_not_run_is_shown_somewhere() -> None:
    assert set(NOT_RUN) <= {text for _, _, text in snippets()}


@pytest.mark.services
def test_what_a_newcomer_enters_works_as_it_stands(tmp_path: Path) -> None:
    port = free_port()
    with garden_of_a_newcomer(tmp_path, port) as environment:
        clone = Path(environment["PWD"])
        wait_until(lambda: all(len(landscapes(clone, mood)) >= ENOUGH for mood in ("calm", "happy")), LONG)
        failed = []
        for page, language, text in snippets():
            if text in NOT_RUN:
                continue
            entered = text.replace("localhost:8000", f"localhost:{port}")
            command = ["bash", "-ec", entered] if language == "console" else [sys.executable, "-c", entered]
            packages = {"PYTHONPATH": "clients/python"} if language == "python" else {}
            done = subprocess.run(
                command, cwd=clone, env={**environment, **packages}, capture_output=True, text=True, check=False
            )
            if done.returncode or (text.startswith("curl") and '"code":' in done.stdout):
                failed.append((page, text, done.stdout, done.stderr))
        assert failed == []
