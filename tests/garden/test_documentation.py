import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).parents[2]
OURS = {"garden", "recommend", "generation", "curation"}


def test_every_command_of_ours_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z0-9_]+)", page, re.MULTILINE))
    assert named == {name for name, app in get_commands().items() if app in OURS}


def test_no_page_points_to_a_page_that_is_not_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = {
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", page.read_text(encoding="utf-8"))
    }
    assert len(links) > 50
    assert [f"{page.name} → {target}" for page, target in links if not (page.parent / target).exists()] == []


def test_every_dependency_says_why_it_is_there() -> None:
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    wanted = {
        re.split(r"[\[<>=~]", line)[0]
        for file in (ROOT / "requirements").glob("*.in")
        for line in file.read_text(encoding="utf-8").split("\n")
        if line and not line.startswith(("#", "-"))
    }
    assert [name for name in sorted(wanted) if name not in page and not name.startswith("types-")] == []
