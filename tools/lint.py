"""Checks of what the repository says about itself: `python -m tools.lint`, part of `make lint`.

Links between pages, commands and packages in the reference, names on the architecture page, names of classes, the form
of the changelog, and suppressions of checkers. Prints what is wrong; exit code 1 then.
"""

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
APPS = ("garden", "recommend", "generation", "curation")
CHECKED = (*APPS, "tools", "benchmarks", "tests")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
WHOLE = re.compile(r"#\s*(?:noqa\b(?!: [A-Z]+[0-9]+)|type: ignore(?!\[))")
SECURITY = re.compile(r"# noqa: (?:[A-Z0-9]+, )*S[0-9]{3}(?P<reason>.*)")
SHORTEST_REASON = 10


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def broken_links() -> Iterator[str]:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", read(page)):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: {target} does not exist"


def unlisted_commands() -> Iterator[str]:
    named = set(re.findall(r"^\| `([a-z0-9_]+)", read("docs/reference/commands.md"), re.MULTILINE))
    files = [path for app in APPS for path in (ROOT / app).glob("management/commands/*.py")]
    commands = {path.stem for path in files if not path.stem.startswith("_")}
    for name in sorted(named ^ commands):
        yield f"docs/reference/commands.md: {name} is {'no command' if name in named else 'missing'}"


def unexplained_dependencies() -> Iterator[str]:
    page = read("docs/reference/dependencies.md")
    for file in sorted((ROOT / "requirements").glob("*.in")):
        for line in read(file).splitlines():
            name = re.split(r"[\[<>=~]", line)[0]
            if line and not line.startswith(("#", "-", "types-")) and name not in page:
                yield f"docs/reference/dependencies.md: {name} of {file.name} is missing"


def unknown_names() -> Iterator[str]:
    """A module on the architecture page, and the function or class that the page names in it."""
    page = "docs/develop/architecture.md"
    for module, name in re.findall(r"`((?:\w+/)+\w+\.py)(?::(\w+))?[`.]", read(page)):
        source = read(module) if (ROOT / module).exists() else ""
        if not re.search(rf"\b{name}\b", source):
            yield f"{page}: {module} {name} does not exist"


def repeated_class_names() -> Iterator[str]:
    """A class name means one thing; Django gives those of commands and migrations."""
    seen: dict[str, Path] = {}
    for path in (path for folder in (*APPS, "tools") for path in sorted((ROOT / folder).rglob("*.py"))):
        for name in re.findall(r"^class (\w+)", read(path), re.MULTILINE):
            if name not in ("Command", "Migration") and seen.setdefault(name, path) != path:
                yield f"{path.relative_to(ROOT)}: {name} is a class of {seen[name].relative_to(ROOT)} as well"


def bad_suppressions() -> Iterator[str]:
    """Each names its rules; one of a security rule has its reason on the same line."""
    for path in (path for folder in CHECKED for path in sorted((ROOT / folder).rglob("*.py"))):
        for number, line in enumerate(read(path).splitlines(), 1):
            place = f"{path.relative_to(ROOT)}:{number}"
            security = SECURITY.search(line)
            if WHOLE.search(line) and path != Path(__file__):
                yield f"{place}: name what is suppressed"
            if security and len(security["reason"].strip(" #–(")) < SHORTEST_REASON:
                yield f"{place}: give the reason"


def changelog_faults() -> Iterator[str]:
    """Keep a Changelog: what is not released first, then releases, the newest first."""
    text = read("CHANGELOG.md")
    first, *titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    found = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) - (\d{4}-\d{2}-\d{2})", title) for title in titles]
    releases = [(tuple(map(int, match.groups()[:3])), date.fromisoformat(match[4])) for match in found if match]
    if first != "Unreleased" or "\n- " not in text.split("\n## ")[1]:
        yield "CHANGELOG.md: the first section is Unreleased, with entries"
    if len(releases) < len(titles) or releases != sorted(set(releases), reverse=True):
        yield "CHANGELOG.md: releases have a number and a day, the newest first"
    for kind in sorted(set(re.findall(r"^### (.+)$", text, re.MULTILINE)) - KINDS):
        yield f"CHANGELOG.md: {kind} is no kind of change"


CHECKS = (
    broken_links,
    unlisted_commands,
    unexplained_dependencies,
    unknown_names,
    repeated_class_names,
    bad_suppressions,
    changelog_faults,
)


def main() -> int:
    found = [fault for check in CHECKS for fault in check()]
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
