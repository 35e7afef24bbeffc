"""`manage.py demo_visit`: one whole visit through a running server."""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from garden.services import register_image
from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests.pictures import encode, portrait


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpeg"
    path.write_bytes(portrait())
    return path


def test_it_likes_a_picture_and_tells_what_that_changed(
    live_server: LiveServer, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = encode(Image.new("RGB", (160, 100)))
    for mood in Emotion:
        for number in range(3):
            register_image(key=f"emotions/{mood}/img_{number}_0h.jpeg", content=picture, origin="painter")
    call_command("demo_visit", url=live_server.url, photo=photo)
    liked = Interaction.objects.get(kind="like").item_key
    assert f"Liked: {liked}" in capsys.readouterr().out


def test_a_photo_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nobody\.jpeg"):
        call_command("demo_visit", photo=tmp_path / "nobody.jpeg")


def test_it_needs_no_photo_and_no_development_package(
    live_server: LiveServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "skimage", None)
    register_image(key="emotions/happy/img_0_0h.jpeg", content=encode(Image.new("RGB", (160, 100))), origin="painter")
    call_command("demo_visit", url=live_server.url)
    assert "You look happy" in capsys.readouterr().out


def test_make_demo_visit_installs_what_make_run_does() -> None:
    makefile = (settings.BASE_DIR / "Makefile").read_text(encoding="utf-8")
    assert "\ndemo-visit: setup\n" in makefile
