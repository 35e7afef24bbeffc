"""A drill proves a backup without touching the site, and leaves nothing behind."""

from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from garden.backup.restore import Restore, Restored
from garden.models import Image
from tests.garden.backup import site

pytestmark = pytest.mark.django_db


def everything(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "backup" not in path.parts}


def test_it_restores_beside_the_site_and_compares(tmp_path: Path, folder: Path) -> None:
    site.furnish(site.plant())
    site.run("backup", str(folder))
    before, connection, rows = everything(tmp_path), connections["default"], site.rows()
    code, report = site.run("restore", str(folder), "--drill")
    assert (code, report["equal"], report["files"], report["rows"]["garden.Image"]) == (0, True, 5, 4)
    assert (everything(tmp_path), connections["default"], site.rows()) == (before, connection, rows)


def test_it_reports_what_differs_field_by_field(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.plant()
    site.run("backup", str(folder))
    run = Restore.run

    def restore_badly(restore: Restore) -> Restored:
        restored = run(restore)
        Image.objects.filter(key=site.KEYS[0]).update(prompt="another")
        restore.site.delete(site.KEYS[1])
        return restored

    monkeypatch.setattr(Restore, "run", restore_badly)
    code, report = site.run("restore", str(folder), "--drill")
    assert (code, report["equal"], report["different"]) == (1, False, 2)
    row, file = report["differences"]
    assert (row["model"], row["field"], row["restored"]) == ("garden.Image", "prompt", "another")
    assert (file["key"], file["restored"]) == (site.KEYS[1], None)


def test_it_restores_where_content_types_have_other_ids(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    known = ContentType.objects.get_by_natural_key("garden", "image")
    known.pk += 1000
    code, report = site.run("restore", str(folder), "--drill")
    assert (code, report["equal"]) == (0, True)
