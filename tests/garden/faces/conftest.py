"""The converted networks and the photographs that these tests read."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import skimage
from numpy.typing import NDArray
from PIL import Image

from garden.faces.base import FaceReading
from garden.faces.local import LocalAnalyzer
from garden.faces.photo import Photo
from tools.faces.build import build
from tools.faces.sources import NETWORKS

ROOT = Path(__file__).parents[3]
NODE_MODULES = ROOT / "node_modules"

Pixels = NDArray[np.uint8]
Encode = Callable[..., bytes]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("face")
    list(build(node_modules=NODE_MODULES, folder=folder, networks=NETWORKS))
    return folder


@pytest.fixture(scope="session")
def analyzer(models: Path) -> LocalAnalyzer:
    return LocalAnalyzer(models=models)


@pytest.fixture(scope="session")
def astronaut() -> Pixels:
    return np.asarray(skimage.data.astronaut())


@pytest.fixture(scope="session")
def reading(analyzer: LocalAnalyzer, astronaut: Pixels) -> FaceReading:
    """Of the astronaut."""
    return analyzer.analyze(photo_of(astronaut))


@pytest.fixture
def encode() -> Encode:
    return encoded


def photo_of(pixels: Pixels) -> Photo:
    return Photo(pixels=pixels, data=b"")


def encoded(picture: Pixels | Image.Image, file_format: str = "JPEG", **options: object) -> bytes:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()
