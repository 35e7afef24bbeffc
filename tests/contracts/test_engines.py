"""What every generation engine must do, whoever makes it: add yours to ENGINES."""

from collections.abc import Iterator

import numpy as np
import pytest

from garden.errors import GardenError
from generation.engines.base import RESOLUTIONS, Engine, PictureRequest, UnsupportedSizeError
from generation.engines.painter import PainterEngine
from tests.contracts.engines import local_image_servers, local_sagemaker_engine, tiny_diffusers_engine


@pytest.fixture(scope="module")
def painter() -> Engine:
    return PainterEngine()


@pytest.fixture(scope="module")
def diffusers(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return tiny_diffusers_engine(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def sagemaker() -> Iterator[Engine]:
    with local_sagemaker_engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def openai_images() -> Iterator[Engine]:
    with local_image_servers() as engine:
        yield engine


@pytest.fixture(params=["painter", "diffusers", "sagemaker", "openai_images"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(request.param)
    return made


def ask(prompt: str = "happy, cat", width: int = 96, height: int = 64, seed: int = 1) -> PictureRequest:
    return PictureRequest(prompt, width, height, seed)


def test_it_makes_one_picture_per_request_in_order(engine: Engine) -> None:
    requests = [ask(), ask("sad", 64, 96), ask("calm", seed=2)]
    assert [picture.request for picture in engine.make(requests)] == requests


def test_it_honours_the_size_and_makes_rgb(engine: Engine) -> None:
    for picture in engine.make([ask(), ask(width=64, height=96), ask(width=64, height=64)]):
        assert picture.image.size == (picture.request.width, picture.request.height)
        assert picture.image.mode == "RGB"


def test_it_signs_its_pictures_and_reports_the_time_they_took(engine: Engine) -> None:
    picture = next(iter(engine.make([ask()])))
    assert picture.engine == engine.name
    assert picture.model
    assert picture.seconds > 0


def test_it_makes_nothing_of_no_requests(engine: Engine) -> None:
    assert list(engine.make([])) == []


def test_it_paints_any_prompt(engine: Engine) -> None:
    prompts = ["", "정원, 고양이", "';DROP TABLE--", "x" * 5000, "happy sad cat dog snow rain night day"]
    assert len(list(engine.make([ask(prompt) for prompt in prompts]))) == len(prompts)


WRONG_SIZES = {
    (100, 64): "width",
    (64, 100): "height",
    (0, 64): "width",
    (64, 56): "height",
    (8192, 64): "width",
    (-64, 64): "width",
}


def test_it_refuses_a_size_before_the_first_picture_naming_the_field(engine: Engine, subtests: pytest.Subtests) -> None:
    for (width, height), field in WRONG_SIZES.items():
        with subtests.test(width=width, height=height):
            with pytest.raises(UnsupportedSizeError) as refused:
                engine.make([ask(), ask(width=width, height=height)])
            assert refused.value.extra["field"] == field
            assert isinstance(refused.value, GardenError)


def test_it_takes_every_resolution_that_the_seeds_offered(engine: Engine, subtests: pytest.Subtests) -> None:
    for width, height in RESOLUTIONS:
        with subtests.test(width=width, height=height):
            engine.limits.check(width, height)


def test_it_reports_how_far_it_is_and_never_goes_back(engine: Engine) -> None:
    steps: list[float] = []
    assert len(list(engine.make([ask(), ask(seed=2)], steps.append))) == 2
    assert steps == sorted(steps)
    assert all(0 <= step <= 1 for step in steps)
    assert steps[-1] == pytest.approx(1)


def test_it_stops_when_asked_to_and_works_on_afterwards(engine: Engine) -> None:
    class EnoughError(Exception):
        pass

    def enough(progress: float) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        list(engine.make([ask(), ask(seed=2)], enough))
    assert len(list(engine.make([ask()]))) == 1


def test_it_makes_batches_of_at_least_one(engine: Engine) -> None:
    assert engine.batch_size(ask()) >= 1


def test_it_says_what_it_computes_on_and_that_it_is_ready(engine: Engine) -> None:
    assert engine.describe_device().name
    engine.check()


def test_it_makes_pictures_again_after_it_gave_back_its_memory(engine: Engine) -> None:
    engine.unload()
    assert len(list(engine.make([ask()]))) == 1


def test_it_grows_the_same_picture_that_it_makes(engine: Engine) -> None:
    stages: list[tuple[int, int]] = []
    grown = engine.grow(ask(), lambda image: stages.append(image.size))
    [made] = engine.make([ask()])
    assert np.array_equal(np.asarray(grown.image), np.asarray(made.image))
    assert set(stages) <= {(96, 64)}
