"""The wall's page as the server gives it: one whole under one version, for those who may have it."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from garden.models import KioskKey, Zone
from garden.ops import version
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
PATH = "/wall/zone1/3/h"
FILE = re.compile(r'"(/wall/-/[0-9a-f]+/[a-z./]+)"')


@pytest.fixture(autouse=True)
def _zone() -> None:
    Zone.objects.create(name="zone1", title="Entrance <hall>")


def read(client: Client, path: str = PATH) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def config_in(page: str) -> Any:
    found = re.search(r'<script id="wall-config" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def shell_in(worker: str) -> Any:
    return json.loads(worker.splitlines()[0].removeprefix("self.shell = ").removesuffix(";"))


def test_it_names_its_slot_and_the_address_of_its_manifest(client: Client) -> None:
    config = config_in(read(client))
    assert (config["zone"], config["number"], config["side"]) == ("zone1", 3, "h")
    assert config["paths"]["manifest"] == "/wall/zone1/manifest"


@pytest.mark.parametrize("path", ["/wall/zone2/3/h", "/wall/zone1/0/h", "/wall/zone1/9/h", "/wall/zone1/3/x"])
def test_there_is_no_wall_without_a_zone_a_slot_and_a_side(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_it_loads_nothing_from_elsewhere_is_kept_by_no_cache_and_escapes_its_title(client: Client) -> None:
    """What scripts may run is tested with the policy of all pages."""
    response = client.get(PATH)
    assert "https://" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "<hall>" not in read(client) + read(client, "/wall/")


def test_its_files_are_of_its_version_and_last_for_ever(client: Client) -> None:
    page = read(client)
    files = FILE.findall(page)
    assert {Path(file).name for file in files} == {"moods.css", "wall.css", "guard.js", "main.js"}
    for file in files:
        response = client.get(file)
        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"]
        assert config_in(page)["version"] in file


def test_a_file_of_another_version_is_not_there(client: Client) -> None:
    for file in ("000000000000/js/wall/main.js", f"{version.wall_version()}/js/wall/worker.js"):
        assert client.get(f"/wall/-/{file}").status_code == 404


def test_the_worker_holds_every_file_that_a_module_imports(client: Client) -> None:
    held = shell_in(client.get("/wall/worker.js").content.decode())["files"]
    for file in held:
        if file.startswith("/wall/-/") and file.endswith(".js"):
            source = client.get(file).content.decode()
            imports = re.findall(r'^(?:import|\}) .*from "([^"]+)"', source, re.MULTILINE)
            assert {urljoin(file, path) for path in imports} <= set(held)
    assert "/static/garden/glyphs/lotus.svg" in held


def test_the_worker_may_hold_all_walls_and_is_always_requested(client: Client) -> None:
    response = client.get("/wall/worker.js")
    assert response["Service-Worker-Allowed"] == "/wall/"
    assert response["Content-Type"].startswith("text/javascript")
    assert "no-store" in response["Cache-Control"]


def test_another_file_makes_another_version(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = shell_in(client.get("/wall/worker.js").content.decode())["version"]
    page = tmp_path / "wall.html"
    page.write_text("another page", encoding="utf-8")
    monkeypatch.setattr(version, "WALL_PAGE", page)
    response = client.get("/wall/worker.js")
    assert shell_in(response.content.decode())["version"] == version.wall_version() != before


def test_the_form_leads_to_the_wall(client: Client) -> None:
    asked = {"zone": "zone1", "picture": "3", "orientation": "v", "period": "2.5"}
    assert client.get("/wall/", asked)["Location"] == "/wall/zone1/3/v?period=2.5"


@pytest.mark.parametrize(
    "wrong", [{"zone": "zone2"}, {"picture": "9"}, {"orientation": "x"}, {"period": "0.1"}, {"period": "nan"}]
)
def test_the_form_leads_nowhere_with_a_wrong_choice(client: Client, wrong: dict[str, str]) -> None:
    asked = {"zone": "zone1", "picture": "3", "orientation": "v", "period": "1", **wrong}
    assert "Please choose a zone, a picture from 1 to 8" in client.get("/wall/", asked).content.decode()


def test_without_a_zone_it_says_where_to_make_one(client: Client) -> None:
    Zone.objects.all().delete()
    assert "There is no zone yet." in read(client, "/wall/")


@pytest.mark.parametrize(("language", "title"), [("ko", "벽 화면 설정"), ("ja", "壁の画面を設定する")])
def test_the_form_speaks_three_languages(client: Client, language: str, title: str) -> None:
    assert title in client.get("/wall/", headers={"Accept-Language": language}).content.decode()


class TestWithKeys:
    @pytest.fixture(autouse=True)
    def _keys_only(self, settings: Any) -> None:
        settings.KIOSK_ACCESS = "keys"
        caches["local"].clear()

    @pytest.mark.parametrize("path", ["/wall/zone1/3/h?period=2", "/wall/"])
    def test_an_unpaired_browser_is_paired_and_comes_back(self, client: Client, path: str) -> None:
        _row, key = KioskKey.objects.create_key(name="hall", kiosk=KioskFactory())
        to_pairing = client.get(path)["Location"]
        assert to_pairing.startswith("/kiosk/pair/?next=")
        assert client.post(to_pairing, {"key": key})["Location"] == path
        assert client.get(path).status_code == 200

    def test_staff_may_look(self, client: Client) -> None:
        client.force_login(User.objects.create_user("kim", is_staff=True))
        assert client.get(PATH).status_code == 200
