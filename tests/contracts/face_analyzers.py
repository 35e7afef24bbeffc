"""Face analyzers that the contract suite runs, each with what stands behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings

from garden.faces.base import FaceAnalyzer
from garden.faces.local import LocalAnalyzer
from garden.faces.rekognition import RekognitionAnalyzer
from tests.services.rekognition import fake_rekognition

Make = Callable[..., FaceAnalyzer]
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def local(folder: Path) -> Iterator[Make]:
    yield _maker(LocalAnalyzer, **settings.FACE_ANALYZER["OPTIONS"])


@contextmanager
def rekognition(folder: Path) -> Iterator[Make]:
    """A local server that holds requests and answers against Amazon's model."""
    with fake_rekognition() as server, mock.patch.dict("os.environ", KEYS):
        yield _maker(RekognitionAnalyzer, endpoint_url=server.url, region="eu-west-1", attempts=1)
        assert server.complaints == []


def _maker(analyzer: type[FaceAnalyzer], **usual: Any) -> Make:
    """Those with the usual options are one: clients and networks take time to make."""
    made: dict[str, FaceAnalyzer] = {}

    def make(**options: Any) -> FaceAnalyzer:
        name = str(options)
        if name not in made:
            made[name] = analyzer(**{**usual, **options})
        return made[name]

    return make
