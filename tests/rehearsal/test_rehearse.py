"""`manage.py rehearse` against a real server: small days, the same paths as large ones."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import PIL.Image
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer

from garden.api.kiosks import KioskThrottle
from garden.models import DeviceHealth, Image, KioskKey, Visitor, Zone
from garden.services import register_image
from garden.vocabulary import Emotion
from recommend.models import ImageRate, Interaction, Slate
from tests.support.factories import KioskFactory
from tests.support.pictures import coffee, encode
from tools.rehearsal.portraits import drawn_portraits
from tools.services.ports import PATIENCE, free_port, wait_until

A_MOMENT = 0.01  # minutes
PREFIX = "rehearsal-"
A_BUSY_DAY = ("--kiosks=3", "--walls=0", "--visitors=300", "--minutes=2")


@pytest.fixture
def garden(transactional_db: None) -> list[Image]:
    photo = PIL.Image.open(io.BytesIO(coffee()))
    sizes = {"h": encode(photo.resize((160, 100))), "v": encode(photo.resize((100, 160)))}
    return [
        register_image(key=f"emotions/{mood}{tag}/img_{n}_0{side}.jpeg", content=content, origin="painter")
        for mood in Emotion
        for n, tag in enumerate(["", "", "/cat"])
        for side, content in sizes.items()
    ]


@pytest.fixture
def zone(transactional_db: None) -> Zone:
    return Zone.objects.create(name="zone1")


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """A few of them: drawing as many as for a real day takes longer than a day of these tests."""
    for number, face in enumerate(drawn_portraits(3, Random(1))):
        (tmp_path / f"{number}.jpeg").write_bytes(face)
    return tmp_path


def rehearse(server: LiveServer, folder: Path, **options: Any) -> dict[str, Any]:
    """The figures; whatever the verdict is on a machine that does other things meanwhile."""
    chosen = {"kiosks": 3, "walls": 3, "visitors": 4, "minutes": A_MOMENT, "portraits": folder, **options}
    try:
        call_command("rehearse", url=server.url, json=folder / "figures.json", stdout=io.StringIO(), **chosen)
    except CommandError as error:
        if error.returncode != 1:
            raise
    figures: dict[str, Any] = json.loads((folder / "figures.json").read_text())
    return figures


def problems_of(figures: dict[str, Any]) -> dict[str, Any]:
    return {row["route"]: row["problems"] for row in figures["routes"] if row["problems"]}


def test_a_small_day_is_served_without_an_error_and_leaves_nothing_once_cleaned(
    live_server: LiveServer, garden: list[Image], zone: Zone, settings: Any, faces: Path
) -> None:
    settings.PUBLIC_URL = "https://garden.example"  # Phones cannot follow a link to this machine.
    settings.KIOSK_ACCESS = "keys"
    real = Visitor.objects.create(id="somebody real")
    kiosk = KioskFactory(zone=zone)
    _row, key = KioskKey.objects.create_key(name="rehearsal", kiosk=kiosk)
    figures = rehearse(live_server, faces, walls=16, visitors=12, seed=2, key=[key])
    assert problems_of(figures) == {}
    assert figures["ended_early"] == []
    assert figures["visitors"] == {"planned": 12, "served": 12}
    requests = {row["route"]: row["requests"] for row in figures["routes"]}
    assert requests["POST /garden"] >= 8
    assert requests["POST /emotion"] >= 8
    assert requests["POST /sendToWall"] > 0
    assert requests["GET /s/…"] > 0
    assert Visitor.objects.filter(pk__startswith=PREFIX).count() >= 8
    assert figures["freshness"]["pictures"] > 0
    assert figures["freshness"]["missed"] == 0
    assert 0 < figures["freshness"]["p50"] < 10
    heartbeats = DeviceHealth.objects.all()
    assert heartbeats.filter(kiosk=kiosk).count() == 1
    slots = [f"zone1/{number}{side}" for number in range(1, 9) for side in "hv"]
    assert sorted(health.display.slot for health in heartbeats if health.display) == slots
    assert Interaction.objects.exists()
    assert Slate.objects.exists()
    call_command("rehearse", clean=True, stdout=io.StringIO())
    assert not DeviceHealth.objects.exists()
    assert [*Visitor.objects.all()] == [real]
    assert not Interaction.objects.exists()
    assert not Slate.objects.exists()
    assert not ImageRate.objects.filter(shown__gt=0).exists()
    call_command("rebuild_recommender", dry_run=True, verbosity=0, stdout=io.StringIO())


def test_it_asks_for_nothing_that_its_walls_have(
    live_server: LiveServer, garden: list[Image], zone: Zone, faces: Path
) -> None:
    """An empty zone without a visitor who sends: after the first answer there is nothing new, however long it goes."""
    figures = rehearse(live_server, faces, walls=2, kiosks=1, visitors=1, seed=8)  # Who leaves early.
    manifest = next(row for row in figures["routes"] if row["route"].endswith("manifest"))
    assert figures["freshness"]["pictures"] == 0
    assert manifest["requests"] > 4
    assert manifest["bytes"] < 3 * 1000


def test_it_misses_when_the_server_errs(live_server: LiveServer, garden: list[Image], settings: Any) -> None:
    settings.FACE_ANALYZER = {"BACKEND": "garden.faces.local.LocalAnalyzer", "OPTIONS": {"models": Path("/nowhere")}}
    output = io.StringIO()
    with pytest.raises(CommandError, match="Missed: errors") as missed:
        call_command("rehearse", url=live_server.url, kiosks=2, walls=0, visitors=6, minutes=A_MOMENT, stdout=output)
    assert missed.value.returncode == 1
    assert "× 503" in output.getvalue()
    assert "MISSED  errors" in output.getvalue()


def test_it_proposes_keys_when_the_throttle_refuses(
    live_server: LiveServer, garden: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KioskThrottle.THROTTLE_RATES, "emotion", "1/min")
    output = io.StringIO()
    with pytest.raises(CommandError, match="Missed: errors"):
        call_command("rehearse", url=live_server.url, kiosks=2, walls=0, visitors=6, minutes=A_MOMENT, stdout=output)
    assert "give each kiosk a key of its own" in output.getvalue()


def test_it_reports_kiosks_without_a_wall(
    live_server: LiveServer, garden: list[Image], settings: Any, faces: Path
) -> None:
    settings.KIOSK_ACCESS = "keys"
    _row, key = KioskKey.objects.create_key(name="rehearsal", kiosk=KioskFactory())
    output = io.StringIO()
    day = {"kiosks": 1, "walls": 0, "visitors": 6, "minutes": A_MOMENT, "seed": 2, "portraits": faces}
    with contextlib.suppress(CommandError):
        call_command("rehearse", url=live_server.url, key=[key], stdout=output, **day)
    assert "1 kiosks have no wall" in output.getvalue()


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """What is started from here heeds Ctrl-C, even where a shell started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding_interrupts")
def test_it_reports_what_was_measured_when_it_is_stopped(live_server: LiveServer, garden: list[Image]) -> None:
    command = [sys.executable, "manage.py", "rehearse", "--url", live_server.url, *A_BUSY_DAY]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.test"}
    pipe = subprocess.PIPE
    rehearsal = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=settings.BASE_DIR)
    try:
        wait_until(lambda: Slate.objects.filter(visitor__pk__startswith=PREFIX).exists())  # Its face has been answered.
        rehearsal.send_signal(signal.SIGINT)
        report, problems = rehearsal.communicate(timeout=PATIENCE)
    finally:
        rehearsal.kill()  # One that was not stopped would visit the tests that follow.
    assert rehearsal.returncode == 2
    assert "POST /emotion" in report
    assert "Stopped before the end" in problems


def test_it_stops_when_nobody_answers() -> None:
    with pytest.raises(CommandError, match="Nobody answers at") as cannot:
        call_command("rehearse", url=f"http://127.0.0.1:{free_port()}")
    assert cannot.value.returncode == 2


@pytest.mark.parametrize(
    ("keys", "message"), [([], "asks for a kiosk's key"), (["wrong.key"], "'wrong.ke' is refused")]
)
def test_it_stops_when_a_key_is_missing_or_wrong(
    live_server: LiveServer, settings: Any, keys: list[str], message: str
) -> None:
    settings.KIOSK_ACCESS = "keys"
    with pytest.raises(CommandError, match=message) as cannot:
        call_command("rehearse", url=live_server.url, key=keys)
    assert cannot.value.returncode == 2


def test_it_stops_when_the_zone_is_missing(live_server: LiveServer) -> None:
    with pytest.raises(CommandError, match="ensure_zone nowhere") as cannot:
        call_command("rehearse", url=live_server.url, zone="nowhere")
    assert cannot.value.returncode == 2


@pytest.mark.parametrize("make", [Path.mkdir, lambda folder: None], ids=["empty", "missing"])
def test_it_stops_where_a_folder_has_no_portraits(
    live_server: LiveServer, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "faces")
    with pytest.raises(CommandError, match="no portraits") as cannot:
        call_command("rehearse", url=live_server.url, walls=0, portraits=tmp_path / "faces")
    assert cannot.value.returncode == 2


def test_it_stops_where_the_traffic_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tools.rehearsal.report", None)
    with pytest.raises(CommandError, match="checkout of the source") as cannot:
        call_command("rehearse")
    assert cannot.value.returncode == 2


@pytest.mark.parametrize("url", ["http://garden.example", "https://10.0.0.7:8000", "http://127.0.0.1.example"])
def test_it_loads_no_other_machine_unasked(url: str) -> None:
    with pytest.raises(CommandError, match="--yes-this-is-our-server") as cannot:
        call_command("rehearse", url=url)
    assert cannot.value.returncode == 2


@pytest.mark.parametrize(
    "option", ["--kiosks=0", "--walls=-1", "--visitors=many", "--visitors=100001", "--minutes=0", "--minutes=nan"]
)
def test_it_keeps_within_bounds(option: str) -> None:
    with pytest.raises(CommandError):
        call_command("rehearse", option)


def test_it_has_nothing_to_clean_where_nobody_rehearsed(db: None) -> None:
    output = io.StringIO()
    call_command("rehearse", clean=True, stdout=output)
    assert "There is no data of rehearsals." in output.getvalue()
