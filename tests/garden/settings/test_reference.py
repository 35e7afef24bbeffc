"""docs/reference/settings.md is what the declarations say, and whole."""

import os
import re
import subprocess
import sys
from pathlib import Path

from garden.settings.reference import SECTIONS

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "settings.md"
OTHERS = {
    "COLORTERM",
    "CUDA_VISIBLE_DEVICES",
    "DJANGO_SETTINGS_MODULE",
    "OPENBLAS_NUM_THREADS",
    "HOST",
    "PORT",
    "AWS_ENDPOINT_URL",
}
"""Read by Django, numpy and NVIDIA's driver; arguments of `make run`; the page names those of Amazon's services."""


def test_the_page_is_current() -> None:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "garden.settings.reference"],
        env=keep,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == PAGE.read_text(encoding="utf-8"), (
        "python -m garden.settings.reference > docs/reference/settings.md"
    )


def test_every_section_has_variables_and_every_variable_a_meaning() -> None:
    rows = re.findall(
        r'^\| <a id="(\w+)"></a>`([A-Z0-9_]+)`.*\| (.*) \|$', PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 50
    assert all(anchor == name.lower() and len(meaning) > 10 for anchor, name, meaning in rows)
    assert all(
        f"\n## {section}\n\n| variable | takes | default | meaning |\n" in PAGE.read_text() for section in SECTIONS
    )


def test_every_variable_that_the_apps_read_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    reader = re.compile(
        r'(?:\benv\.\w+\(\s*|os\.environ(?:\.get\(|\.setdefault\(|\[)\s*|getenv\(\s*)"([A-Z][A-Z0-9_]+)"'
    )
    modules = [path for app in ("garden", "recommend", "generation", "curation") for path in (ROOT / app).rglob("*.py")]
    read = {name for path in modules for name in reader.findall(path.read_text(encoding="utf-8"))}
    assert "DATABASE_URL" in read
    assert {name for name in read - OTHERS if f"`{name}`" not in page and not name.startswith("OTEL_")} == set()
