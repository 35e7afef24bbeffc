"""The Python client makes a whole visit on a live server, waits for a busy one, and says what was refused."""

import json
import os
import re
import subprocess
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.conf import settings
from emotion_garden import GardenApiError, GardenClient, Picture
from pytest_django.live_server_helper import LiveServer

from garden.models import Image, Kiosk, KioskKey, Visitor, Zone
from garden.services import write_image
from recommend.models import Interaction
from tests.garden.walls.walls import keys_on
from tests.services.local_http import local_server
from tests.support.pictures import coffee, portrait


@pytest.fixture
def client_of_kiosk(live_server: LiveServer, transactional_db: None, settings: Any) -> GardenClient:
    settings.KIOSK_ACCESS = "keys"
    keys = [f"emotions/{mood}/img_{n}_0h.jpeg" for mood in ("happy", "calm") for n in range(3)]
    Image.objects.bulk_create([write_image(key=key, content=coffee(), origin="import") for key in keys])
    kiosk = Kiosk.objects.create(name="Foyer", zone=Zone.objects.create(name="zone1"))
    _, key = KioskKey.objects.create_key(name="key", kiosk=kiosk)
    return GardenClient(live_server.url, key)


def test_it_makes_a_visit(client_of_kiosk: GardenClient) -> None:
    garden = client_of_kiosk
    reading = garden.read_face(portrait())
    assert reading.emotion in reading.scores
    assert reading.ages[0] < reading.ages[1]
    pictures = garden.recommend(reading.visitor, "happy")
    first, second, third = pictures.landscape
    garden.like(reading.visitor, first, shown=pictures.landscape, recommendation=pictures.id)
    garden.like(reading.visitor, first, shown=pictures.landscape, recommendation=pictures.id, liked=False)
    garden.like(reading.visitor, None, shown=[second, third])
    kinds = Interaction.objects.order_by("sequence").values_list("kind", "slate__reference")
    assert [kind for kind, _ in kinds] == ["like", "dislike", "seen"]
    assert Interaction.objects.filter(slate=uuid.UUID(pictures.id)).count() == 2
    shown = garden.send_to_wall(first, second)
    assert (shown.zone, shown.version, shown.slots) == ("zone1", 1, ("1h", "2h"))
    assert keys_on(Zone.objects.get()) == {"1h": first.key, "2h": second.key}
    assert garden.souvenir(first).url == ""  # Phones cannot open localhost.
    garden.forget(reading.visitor)
    assert not Visitor.objects.exists()


def test_it_says_what_was_refused(client_of_kiosk: GardenClient, live_server: LiveServer) -> None:
    refused = []
    for call in (
        lambda: client_of_kiosk.read_face(coffee()),
        lambda: client_of_kiosk.read_face(b"none"),
        lambda: client_of_kiosk.like("ann", Picture("emotions/calm/none.jpeg", "", "calm")),
        lambda: GardenClient(live_server.url, "wrong").recommend("ann", "calm"),
    ):
        with pytest.raises(GardenApiError) as error:
            call()
        refused.append((error.value.status, error.value.code))
    assert refused[0] == (404, "no_face")
    assert refused[1][0] == 400
    assert refused[2:] == [(404, "unknown_image"), (401, "authentication_failed")]


class BusyHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answers: list[tuple[int, str]] = self.server.fake  # type: ignore[attr-defined]
        status, wait = answers.pop(0)
        self.send_response(status)
        if wait:
            self.send_header("Retry-After", wait)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[Any]:
    with local_server(BusyHandler) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr("emotion_garden.time.sleep", waits.append)
    return waits


def ask(busy: Any, *answers: tuple[int, str], patience: float = 30) -> int:
    """The status that the call ended with."""
    busy.fake = list(answers)
    try:
        GardenClient(f"http://127.0.0.1:{busy.server_address[1]}/", patience=patience).forget("ann")
    except GardenApiError as error:
        return error.status
    return 200


def test_it_waits_for_a_busy_site_as_long_as_it_says(busy: Any, waits: list[float]) -> None:
    assert ask(busy, (429, "7"), (503, "2"), (503, ""), (204, "")) == 200
    assert waits == [7, 2, 1]


def test_it_waits_no_longer_than_its_patience(busy: Any, waits: list[float]) -> None:
    assert ask(busy, (503, "20"), (503, "20"), (204, "")) == 503
    assert ask(busy, (429, "36000"), (204, "")) == 429
    assert waits == [20]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_it_repeats_and_follows_nothing_else(busy: Any, waits: list[float], status: int) -> None:
    assert ask(busy, (status, "1"), (204, "")) == status
    assert waits == []


PAGE = (settings.BASE_DIR / "docs" / "how-to" / "integrate.md").read_text(encoding="utf-8")


def test_the_documented_visit_works_as_written(
    client_of_kiosk: GardenClient,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (visit,) = (block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "GardenClient" in block)
    key = str(client_of_kiosk._session.headers["x-api-key"])
    monkeypatch.chdir(settings.BASE_DIR)  # As in a clone: the page names docs/portrait.jpeg.
    exec(visit.replace("http://localhost:8000", live_server.url).replace('key=""', f"key={key!r}"), {})
    assert capsys.readouterr().out.split()[0] == "happy"
    assert Interaction.objects.feedback().get().slate is not None
    assert not Visitor.objects.exists()


def test_the_documented_first_call_works_as_written(client_of_kiosk: GardenClient, live_server: LiveServer) -> None:
    command, *_ = re.findall(r"^\$ (curl .*)", PAGE, re.MULTILINE)
    key = str(client_of_kiosk._session.headers["x-api-key"])
    typed = command.replace("http://localhost:8000", live_server.url)
    printed = subprocess.run(["bash", "-c", typed], env={**os.environ, "KEY": key}, capture_output=True, check=True)
    assert [picture["emotion"] for picture in json.loads(printed.stdout)["landscape"]] == ["calm", "calm"]
