import json
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from garden.backends import check_backend
from garden.errors import MisconfiguredError
from generation.engines.base import BadPictureError, Engine, EngineUnavailableError, SizeLimits
from generation.engines.fleet import PictureRefusedError
from tests.generation.engines.sagemaker.conftest import Engines, requests
from tests.generation.engines.sagemaker.server import (
    Answer,
    Behaviour,
    Call,
    FakeSageMaker,
    failing,
    missing,
    picture,
    working,
)
from tools.services.ports import wait_until

BACKEND = "generation.engines.sagemaker.SageMakerEngine"


class StoppedError(Exception):
    pass


def test_it_makes_pictures_in_order(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"slow": working(0.1), "fast": working()})
    asked = requests(6)
    made = list(engine.make(asked))
    assert [each.request for each in made] == asked
    assert {(each.engine, each.image.size) for each in made} == {("sagemaker", (96, 64))}
    for each in made:
        painted = picture(Call("", asdict(each.request), "", ""))
        assert abs(np.asarray(each.image).mean() - np.asarray(painted).mean()) < 2


def test_it_speaks_as_the_seeds_did(engines: Engines, sagemaker: FakeSageMaker) -> None:
    list(engines().make(requests(1)))
    (call,) = sagemaker.calls
    assert (call.accept, call.content_type) == ("application/json;jpeg", "application/json")
    assert sorted(call.body) == sorted(
        ["prompt", "width", "height", "num_images_per_prompt", "num_inference_steps", "guidance_scale"]
    )


@pytest.mark.parametrize("field", ["generated_image", "generated_images"])
def test_it_reads_older_endpoints(field: str, engines: Engines, sagemaker: FakeSageMaker) -> None:
    def older(call: Call, count: int) -> Answer:
        rows = np.asarray(picture(call)).tolist()
        return Answer({field: rows if field == "generated_image" else [rows]})

    (made,) = engines({"old": older}, accept="application/json").make(requests(1))
    assert np.array_equal(np.asarray(made.image), np.asarray(picture(sagemaker.calls[0])))
    assert sagemaker.calls[0].accept == "application/json"


def test_it_uses_all_endpoints_at_once(engines: Engines, sagemaker: FakeSageMaker) -> None:
    all_asked = threading.Barrier(8)

    def wait_for_all(call: Call, count: int) -> Answer:
        all_asked.wait(60)
        return working()(call, count)

    engine = engines(dict.fromkeys("abcd", wait_for_all), parallel=2)
    assert engine.batch_size(requests(1)[0]) == 16
    assert len(list(engine.make(requests(8)))) == 8
    assert sagemaker.most_together == 8
    assert set(sagemaker.busiest.values()) == {2}


def test_faster_endpoints_make_more(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"fast": working(0.02), "slow": working(0.2)})
    list(engine.make(requests(6)))
    sagemaker.counts.clear()
    list(engine.make(requests(16)))
    assert sagemaker.counts["fast"] >= 2 * sagemaker.counts["slow"] > 0


@pytest.mark.parametrize(
    ("status", "error", "body"),
    [
        (400, "ThrottlingException", {}),
        (503, "ServiceUnavailable", {}),
        (424, "ModelError", {"OriginalStatusCode": 500, "OriginalMessage": "CUDA out of memory"}),
        (200, "", {}),
    ],
)
def test_it_tries_again_where_that_helps(status: int, error: str, body: dict[str, Any], engines: Engines) -> None:
    engine = engines({"a": failing(status, error, times=1, **body)})
    assert len(list(engine.make(requests(1)))) == 1


def test_it_tries_again_after_a_timeout(engines: Engines, sagemaker: FakeSageMaker) -> None:
    hangs_once = working(0)
    engine = engines(
        {"a": lambda call, count: Answer({}, delay=60) if count == 1 else hangs_once(call, count)}, read_timeout=0.5
    )
    assert len(list(engine.make(requests(1)))) == 1
    assert sagemaker.counts["a"] == 2


def test_it_tries_again_after_half_an_answer(engines: Engines, sagemaker: FakeSageMaker) -> None:
    works = working()
    cut = Answer(b'{"generated_images": ["', cut_short=True)
    engine = engines({"a": lambda call, count: cut if count == 1 else works(call, count)})
    assert len(list(engine.make(requests(1)))) == 1
    assert sagemaker.counts["a"] == 2


def test_boto3_gives_up_after_so_many_tries(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": failing(503, "ServiceUnavailable")}, attempts=2)
    with pytest.raises(EngineUnavailableError, match=r"No SageMaker endpoint.*ServiceUnavailable says the service"):
        list(engine.make(requests(1)))
    assert sagemaker.counts["a"] == 2


def test_it_gives_up_after_so_many_answers_without_a_picture(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": failing(200, "")}, attempts=3)
    with pytest.raises(EngineUnavailableError, match=r"after 3 tries.*no picture in"):
        list(engine.make(requests(1)))
    assert sagemaker.counts["a"] == 3


def test_the_queue_waits_for_an_endpoint_that_is_starting(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": failing(429, "ModelNotReadyException", times=1)})
    with pytest.raises(EngineUnavailableError, match="ModelNotReadyException says the service") as caught:
        list(engine.make(requests(1)))
    assert caught.value.retry_after * (1 + 2) == 300
    assert len(list(engine.make(requests(1)))) == 1


def test_it_makes_pictures_elsewhere_while_an_endpoint_is_starting(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"cold": failing(429, "ModelNotReadyException"), "warm": working()})
    assert len(list(engine.make(requests(6)))) == 6
    assert sagemaker.counts["warm"] == 6


def test_it_refuses_what_the_model_refuses_with_its_words(engines: Engines, sagemaker: FakeSageMaker) -> None:
    refuses = failing(424, "ModelError", OriginalStatusCode=400, OriginalMessage="prompt is too long")
    engine = engines({"a": refuses, "b": refuses})
    with pytest.raises(PictureRefusedError, match=r"^prompt is too long$"):
        list(engine.make(requests(1)))
    assert len(sagemaker.calls) == 1


def test_pictures_before_a_refused_one_are_not_lost(engines: Engines, sagemaker: FakeSageMaker) -> None:
    works, refuses = working(0.3), failing(424, "ModelError", OriginalStatusCode=400, OriginalMessage="no")

    def picky(call: Call, count: int) -> Answer:
        return (refuses if call.body["prompt"] == "calm, cat 2" else works)(call, count)

    pictures = engines({"a": picky}, parallel=3).make(requests(9))
    assert [next(pictures).request.prompt for _ in range(2)] == ["calm, cat 0", "calm, cat 1"]
    with pytest.raises(PictureRefusedError):
        next(pictures)
    assert len(sagemaker.calls) == 3, "nothing was begun after the refusal"


def test_pictures_finished_behind_a_refused_one_are_not_lost(engines: Engines) -> None:
    works, refuses = working(), failing(424, "ModelError", OriginalStatusCode=400, OriginalMessage="no")

    def slowly_picky(call: Call, count: int) -> Answer:
        return replace(refuses(call, count), delay=0.5) if call.body["prompt"] == "calm, cat 1" else works(call, count)

    pictures = engines({"a": slowly_picky}, parallel=3).make(requests(3))
    assert [(made.index, made.request.prompt) for made in (next(pictures), next(pictures))] == [
        (0, "calm, cat 0"),
        (2, "calm, cat 2"),
    ]
    with pytest.raises(PictureRefusedError):
        next(pictures)


@pytest.mark.parametrize(("status", "error"), [(400, "ValidationError"), (403, "AccessDeniedException")])
def test_it_refuses_with_the_services_words(
    status: int, error: str, engines: Engines, sagemaker: FakeSageMaker
) -> None:
    with pytest.raises(PictureRefusedError, match=f"{error} says the service"):
        list(engines({"a": failing(status, error)}).make(requests(1)))
    assert len(sagemaker.calls) == 1


@pytest.mark.parametrize("ill", [missing, failing(500, "InternalFailure")])
def test_the_others_make_what_an_endpoint_does_not(ill: Behaviour, engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"ill": ill, "well": working()}, attempts=2)
    assert len(list(engine.make(requests(12)))) == 12
    assert sagemaker.counts["well"] == 12


def test_it_says_when_no_endpoint_can_be_used(engines: Engines) -> None:
    engine = engines({"a": failing(500, "InternalFailure"), "b": failing(503, "ServiceUnavailable")}, attempts=2)
    with pytest.raises(EngineUnavailableError, match=r"No SageMaker endpoint.*says the service.*says the service"):
        list(engine.make(requests(6)))


def test_a_server_that_is_not_there_is_unavailable(engines: Engines) -> None:
    with pytest.raises(EngineUnavailableError, match="Could not connect"):
        list(engines(endpoint_url="http://127.0.0.1:9", attempts=2).make(requests(1)))


def test_it_reports_progress_also_where_pictures_are_done_before_they_are_waited_for(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Immediate(ThreadPoolExecutor):
        def submit(self, *arguments: Any, **named: Any) -> Future[Any]:
            future = super().submit(*arguments, **named)
            wait([future])
            return future

    monkeypatch.setattr("generation.engines.fleet.ThreadPoolExecutor", Immediate)
    steps: list[float] = []
    assert len(list(engines().make(requests(2), steps.append))) == 2
    assert steps == [1.0, 1.0]


def test_it_stops_at_once_while_endpoints_are_working(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": working(60)}, read_timeout=120)
    stop_at = time.perf_counter() + 0.3

    def stop(progress: float) -> None:
        if time.perf_counter() > stop_at:
            raise StoppedError

    with pytest.raises(StoppedError):
        list(engine.make(requests(4), stop))
    assert sagemaker.busy["a"]


def test_a_stopped_call_frees_its_slots(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": working(0.2)})
    next(engine.make(requests(3)))
    wait_until(lambda: not sagemaker.busy["a"])
    assert len(list(engine.make(requests(2)))) == 2


def test_several_threads_share_the_slots_of_an_endpoint(engines: Engines, sagemaker: FakeSageMaker) -> None:
    engine = engines({"a": working(0.05), "b": working(0.05)})
    threads = [threading.Thread(target=lambda: list(engine.make(requests(4)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sagemaker.counts.total() == 16
    assert max(sagemaker.busiest.values()) == 1


def test_it_does_not_take_another_size_or_an_empty_picture(engines: Engines) -> None:
    def other(call: Call, count: int) -> Answer:
        return Answer({"generated_image": np.zeros((8, 8, 3), int).tolist()})

    with pytest.raises(PictureRefusedError, match="8×8 where 96×64"):
        list(engines({"a": other}).make(requests(1)))
    with pytest.raises(BadPictureError, match="one colour"):
        list(engines({"a": other}, limits=SizeLimits(minimum=8)).make(requests(1, width=8, height=8)))


def test_it_names_the_setting_that_boto3_misses(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(MisconfiguredError, match="region"):
        list(engines(region="", endpoint_url="").make(requests(1)))


def test_it_says_that_boto3_is_not_installed(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(MisconfiguredError, match=r"requirements/aws\.txt"):
        list(engines().make(requests(1)))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, "must name one endpoint"),
        ({"endpoints": ["a", "a"]}, "each once"),
        ({"endpoints": ["a"], "parallel": 0}, "at least 1"),
        ({"endpoints": ["a"], "extra_fields": ["style"]}, "unknown extra_fields"),
        ({"endpoints": ["a"], "speed": 1}, "unknown options speed"),
    ],
)
def test_its_options_are_checked(options: dict[str, Any], complaint: str) -> None:
    (message,) = check_backend("GENERATION_ENGINES", {"BACKEND": BACKEND, "OPTIONS": options}, Engine)
    assert complaint in message.msg


def test_it_is_imported_without_boto3() -> None:
    code = f"import sys, json, {BACKEND.rpartition('.')[0]}; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert "boto3" not in modules
