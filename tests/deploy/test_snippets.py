"""Every command that the README and the documentation show exists, with every option that they give it."""

import re
from argparse import _SubParsersAction
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class

from tests.deploy.known import ROOT

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
