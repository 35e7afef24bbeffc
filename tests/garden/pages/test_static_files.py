"""Static files as they are collected for production."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from garden.pages.static_files import HashedModulesStorage

FILES = {
    "page/main.js": """import {
  deepen,
} from "../lib/first.js";
/** @type {import("./of_another_time.js").Depth} */
export const later = () => import("../lib/second.js");
export const worker = () => new Worker(new URL("./worker.js", import.meta.url));
""",
    "page/worker.js": "postMessage(1);\n",
    "lib/first.js": 'import "./second.js";\nexport const deepen = 1;\n',
    "lib/second.js": "export const second = 2;\n",
}


def collect(folder: Path, files: dict[str, str]) -> HashedModulesStorage:
    storage = HashedModulesStorage(location=folder, base_url="/static/")
    for name, content in files.items():
        storage.save(name, ContentFile(content.encode()))
    for _name, _hashed, processed in storage.post_process({name: (storage, name) for name in files}):
        assert not isinstance(processed, Exception), processed
    return storage


def test_modules_import_each_other_by_the_name_with_their_hash(tmp_path: Path) -> None:
    storage = collect(tmp_path, FILES)
    script = (tmp_path / storage.stored_name("page/main.js")).read_text(encoding="utf-8")
    for name, folder in (("lib/first.js", "../"), ("lib/second.js", "../"), ("page/worker.js", "./")):
        hashed = storage.stored_name(name)
        assert hashed != name
        assert f'"{folder}{hashed if folder == "../" else Path(hashed).name}"' in script
    assert 'import("./of_another_time.js")' in script  # A type in a comment.


def test_a_module_has_another_name_when_what_it_imports_is_another(tmp_path: Path) -> None:
    changed = {**FILES, "lib/second.js": "export const second = 3;\n"}
    first, second = collect(tmp_path / "first", FILES), collect(tmp_path / "second", changed)
    names = [name for name in FILES if name != "page/worker.js"]
    assert [name for name in names if first.stored_name(name) == second.stored_name(name)] == []
    assert first.stored_name("page/worker.js") == second.stored_name("page/worker.js")


IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")


def test_no_module_imports_itself_by_others() -> None:
    """A module is named by the hash of its content, which holds the names of those it imports, at once or later."""
    modules = [path for app in ("garden", "curation") for path in (settings.BASE_DIR / app / "static").rglob("*.js")]
    imports = {
        path: {(path.parent / name).resolve() for name in IMPORTED.findall(path.read_text(encoding="utf-8"))}
        for path in modules
    }
    assert len(modules) > 60
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(path.name for path in error.args[1]))
