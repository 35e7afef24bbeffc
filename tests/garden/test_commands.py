"""`manage.py demo_visit`, one whole visit through a running server, and `manage.py run_garden`."""

import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from garden.management.commands.demo_visit import COLUMNS, ROWS, as_text
from garden.services import register_image
from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests.support.pictures import encode, portrait


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpeg"
    path.write_bytes(portrait())
    return path


def test_a_visit_likes_a_picture_and_reports_it(
    live_server: LiveServer, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = encode(Image.new("RGB", (160, 100)))
    for mood in Emotion:
        for number in range(3):
            register_image(key=f"emotions/{mood}/img_{number}_0h.jpeg", content=picture, origin="painter")
    call_command("demo_visit", url=live_server.url, photo=photo)
    liked = Interaction.objects.get(kind="like").item_key
    assert f"Liked: {liked}" in capsys.readouterr().out


def test_it_draws_the_pictures_in_a_terminal_of_all_colours() -> None:
    red_over_blue = Image.new("RGB", (1, 2), "red")
    red_over_blue.putpixel((0, 1), (0, 0, 255))
    red_over_blue = red_over_blue.resize((COLUMNS, 2 * ROWS), Image.Resampling.NEAREST)
    first, *_, last = as_text([red_over_blue, red_over_blue]).splitlines()
    assert first.count("▀") == last.count("▀") == 2 * COLUMNS
    assert first.startswith("  \x1b[38;2;255;0;0;48;2;255;0;0m▀")
    assert last.startswith("  \x1b[38;2;0;0;255;48;2;0;0;255m▀")


def test_a_photo_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nobody\.jpeg"):
        call_command("demo_visit", photo=tmp_path / "nobody.jpeg")


def test_a_visit_needs_no_photo_and_no_development_package(
    live_server: LiveServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "skimage", None)
    register_image(key="emotions/happy/img_0_0h.jpeg", content=encode(Image.new("RGB", (160, 100))), origin="painter")
    call_command("demo_visit", url=live_server.url)
    assert "You look happy" in capsys.readouterr().out


def test_a_garden_on_a_taken_port_is_refused_before_anything_is_prepared() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(CommandError, match=f"port {port} of 127.0.0.1: Address already in use"):
            call_command("run_garden", "--port", port)


@pytest.mark.parametrize("port", ["abc", "80000"])
def test_a_garden_on_what_is_no_port_is_refused(settings: Any, port: str) -> None:
    settings.PORT = port
    with pytest.raises(CommandError, match=f"'{port}' is not a port"):
        call_command("run_garden")


def test_every_check_of_ours_has_a_tag_so_that_a_start_runs_it() -> None:
    untagged = {check.__module__ for check in registry.get_checks(include_deployment_checks=True) if not check.tags}
    assert {name for name in untagged if name.startswith(("garden", "recommend", "generation", "curation"))} == set()
