from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image
from skimage import data

from generation.engines.base import Picture, PictureRequest

PROMPT = "calm, cat, flowers & <light> – 꽃"


def picture(engine: str = "diffusers", prompt: str = PROMPT) -> Picture:
    request = PictureRequest(prompt=prompt, width=600, height=400, seed=1)
    return Picture(0, Image.fromarray(data.coffee()), request, engine, "sd-turbo", 1.0)


@pytest.fixture
def key_path(settings: Any, tmp_path: Path) -> Path:
    """Where the signing key will be; it is not made yet."""
    settings.PROVENANCE_KEY = tmp_path / "signing" / "site.pem"
    return tmp_path / "signing" / "site.pem"


@pytest.fixture
def signing_key(key_path: Path) -> Path:
    call_command("make_signing_key", organization="Museum of Moods", verbosity=0)
    return key_path
