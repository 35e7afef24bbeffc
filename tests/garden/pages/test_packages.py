"""Files of npm packages: found where pages ask for them, kept for good, and elsewhere for another version."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

READING = ("blazeface", "facemesh", "faceres", "emotion")
MODELS = [f"{settings.HUMAN}/models/{name}.{part}" for name in READING for part in ("json", "bin")]
ENGINES = [f"{settings.TFJS_WASM}/tfjs-backend-wasm{kind}.wasm" for kind in ("", "-simd")]


@pytest.mark.parametrize("name", [*MODELS, *ENGINES, f"{settings.HUMAN}/human.esm.js"])
def test_what_a_kiosk_needs_to_read_faces_is_served_and_kept_for_good(client: Client, name: str) -> None:
    assert finders.find(name)
    assert "immutable" in client.head(f"/static/{name}").headers["Cache-Control"]


def test_an_address_names_the_version_that_is_installed() -> None:
    package = Path(settings.BASE_DIR) / "node_modules/@vladmandic/human/package.json"
    assert settings.HUMAN.endswith(f"/{json.loads(package.read_text())['version']}")


def test_no_other_file_is_kept_for_good_unless_its_name_tells_its_content() -> None:
    kept = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)
    assert kept.search("/static/garden/js/kiosk.0123456789ab.js")
    assert not any(map(kept.search, ("/static/garden/js/kiosk.js", "/static/vendor/human/human.esm.js")))
