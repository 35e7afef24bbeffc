"""What the local analyzer measures of how well a face can be seen."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from garden.faces.base import FaceReading
from garden.faces.local import LocalAnalyzer
from garden.faces.local.quality import brightness, glare, sharpness
from garden.faces.quality import Fault, Quality, faults
from garden.faces.selection import Several
from tests.garden.faces.conftest import Pixels, photo_of
from tests.support.pictures import astronaut as portrait


def measured(analyzer: LocalAnalyzer, image: Image.Image) -> Quality:
    quality = analyzer.analyze(photo_of(np.asarray(image))).quality
    assert quality is not None
    return quality


def sinking(values: Sequence[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) == len(values) and known == sorted(known, reverse=True)


def test_a_good_portrait_has_no_fault(analyzer: LocalAnalyzer, reading: FaceReading) -> None:
    assert faults(reading.quality, analyzer.standards) == ()


def test_it_measures_everything_but_what_is_asked_for(reading: FaceReading) -> None:
    quality = reading.quality
    assert quality is not None
    assert quality.live is None
    assert quality.beside == 0
    assert {type(value) for value in (quality.sharpness, quality.covered, quality.yaw, quality.roll)} == {float}


def test_the_more_it_is_blurred_the_less_sharp_it_is(analyzer: LocalAnalyzer) -> None:
    blurred = [portrait().filter(ImageFilter.GaussianBlur(radius)) for radius in (0, 1, 2, 3)]
    assert sinking([measured(analyzer, image).sharpness for image in blurred])


def test_the_darker_the_photo_the_darker_the_face(analyzer: LocalAnalyzer) -> None:
    dark = [ImageEnhance.Brightness(portrait()).enhance(part) for part in (1, 0.5, 0.2, 0.04)]
    qualities = [measured(analyzer, image) for image in dark]
    assert sinking([quality.brightness for quality in qualities])
    assert faults(qualities[-1], analyzer.standards)[0] is Fault.DARK


def test_a_reflection_on_the_face_is_too_bright(analyzer: LocalAnalyzer) -> None:
    lit = portrait().copy()
    ImageDraw.Draw(lit).ellipse((200, 100, 240, 140), fill="white")
    quality = measured(analyzer, lit)
    assert (quality.glare or 0) > (measured(analyzer, portrait()).glare or 0)
    assert faults(quality, analyzer.standards)[0] is Fault.BRIGHT


def test_glare_is_white_on_a_face_that_is_not_bright_everywhere() -> None:
    dim, bright = np.full((96, 96), 120, np.uint8), np.full((96, 96), 230, np.uint8)
    dim[:12], bright[:12] = 255, 255
    assert glare(dim) == pytest.approx(1 / 8)
    assert glare(bright) == 0
    assert glare(np.full((96, 96), 255, np.uint8)) == 0


def test_light_and_contrast_change_no_sharpness() -> None:
    grain = np.random.default_rng(0).integers(0, 200, (96, 96)).astype(np.uint8)
    assert sharpness(grain) == pytest.approx(sharpness((grain // 2 + 100).astype(np.uint8)), abs=0.02)
    assert brightness(np.full((96, 96), 51, np.uint8)) == pytest.approx(0.2)
    assert sharpness(np.full((96, 96), 51, np.uint8)) == 0


def test_the_distance_of_the_eyes_is_in_pixels_of_the_photo(analyzer: LocalAnalyzer, reading: FaceReading) -> None:
    assert reading.quality is not None
    whole, half = reading.quality.eye_distance, measured(analyzer, portrait().resize((256, 256))).eye_distance
    assert whole is not None
    assert half == pytest.approx(whole / 2, rel=0.1)


def test_it_measures_how_far_the_head_is_tilted(analyzer: LocalAnalyzer, reading: FaceReading) -> None:
    tilted = measured(analyzer, portrait().rotate(-20))
    assert reading.quality is not None
    assert tilted.roll == pytest.approx((reading.quality.roll or 0) + 20, abs=5)


def test_it_looks_the_other_way_in_the_mirror(analyzer: LocalAnalyzer) -> None:
    turned = np.asarray(portrait().transform((512, 512), Image.Transform.AFFINE, (1.5, 0, -120, 0, 1, 0)))
    one = measured(analyzer, Image.fromarray(turned)).yaw
    other = measured(analyzer, Image.fromarray(np.ascontiguousarray(turned[:, ::-1]))).yaw
    assert one is not None
    assert other == pytest.approx(-one, abs=3)


def crowd(width: int) -> Pixels:
    """The portrait, and it again at the middle of the photo, `width` pixels wide."""
    canvas = Image.new("RGB", (1024, 512), "gray")
    canvas.paste(portrait(), (0, 0))
    canvas.paste(portrait().resize((width, width)), (512, 0))
    return np.asarray(canvas)


@pytest.mark.parametrize(("width", "beside"), [(400, 1), (200, 0)])
def test_it_counts_who_stands_beside(width: int, beside: int, analyzer: LocalAnalyzer) -> None:
    assert measured(analyzer, Image.fromarray(crowd(width))).beside == beside


def test_it_reads_the_face_in_the_middle_if_asked(analyzer: LocalAnalyzer) -> None:
    in_the_middle = replace(analyzer, several=Several.CENTRE).analyze(photo_of(np.roll(crowd(400), -200, axis=1)))
    largest = analyzer.analyze(photo_of(np.roll(crowd(400), -200, axis=1)))
    assert in_the_middle.quality is not None
    assert largest.quality is not None
    assert (in_the_middle.quality.eye_distance or 0) < (largest.quality.eye_distance or 0)


def test_it_distinguishes_a_person_from_a_picture_only_if_asked(analyzer: LocalAnalyzer) -> None:
    live = measured(replace(analyzer, liveness=True), portrait()).live
    assert live is not None
    assert 0 <= live <= 1
    assert analyzer.standards.least_live is None
    assert replace(analyzer, liveness=True).standards.least_live
