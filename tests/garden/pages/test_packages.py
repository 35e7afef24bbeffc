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


def test_what_a_kiosk_needs_to_read_faces_is_served_and_kept_for_good(client: Client) -> None:
    for name in [*MODELS, *ENGINES, f"{settings.HUMAN}/human.esm.js"]:
        assert finders.find(name), name
        assert "immutable" in client.head(f"/static/{name}").headers["Cache-Control"], name


@pytest.mark.django_db
def test_where_names_of_others_are_shown_the_whole_fonts_are_there(client: Client) -> None:
    for page in ("/about/", "/privacy/", "/try/garden/", "/wall/"):
        shown = client.get(page).content.decode()
        for font in ("noto-sans-kr", "noto-sans-jp"):
            assert f"vendor/{font}/index.css" in shown, page


def test_an_address_names_the_version_that_is_installed() -> None:
    package = Path(settings.BASE_DIR) / "node_modules/@vladmandic/human/package.json"
    assert settings.HUMAN.endswith(f"/{json.loads(package.read_text())['version']}")


def test_no_other_file_is_kept_for_good_unless_its_name_is_of_its_content() -> None:
    kept = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)
    assert kept.search("/static/garden/js/kiosk.0123456789ab.js")
    assert not any(map(kept.search, ("/static/garden/js/kiosk.js", "/static/vendor/human/human.esm.js")))
