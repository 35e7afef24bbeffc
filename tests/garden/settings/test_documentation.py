import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "reference" / "settings"


def settings_read() -> set[str]:
    modules = [path for path in (ROOT / "garden" / "settings").glob("*.py") if path.stem not in ("env", "test")]
    reader = re.compile(r'env_(?:str|secret|bool|int|numbers|number|share|list|choice|path)\(\s*"([A-Z0-9_]+)"')
    return {name for path in modules for name in reader.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_has_its_page_and_every_page_its_setting() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - {"index"}
    assert len(settings_read()) > 20
    assert pages == settings_read()


def test_the_index_lists_every_page() -> None:
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((\w+)\.md\)", index)) == settings_read()
