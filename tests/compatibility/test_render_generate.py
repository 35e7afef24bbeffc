"""`/render/generate`, as the retouching seed's page calls it."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from generation.credits import standing_of
from generation.models import Canvas, CreditCharge, GenerationJob, Version, Worker
from generation.queue.progress import wait_slots
from generation.retouch.settings import Fill
from generation.retouch.versions import opened
from tests.compatibility.retouching_client import (
    MASKED,
    black,
    cleo,
    data_url,
    edge,
    generate,
    page,
    photo,
    pixels_of,
    worker_at_work,
)
from tests.generation.conftest import _quick_engine, ann

__all__ = ["_quick_engine", "ann", "cleo", "page"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Iterator[None]:
    with worker_at_work(["quick"]):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
class TestGenerate:
    def test_it_answers_the_picture_with_only_the_mask_repainted(self, page: APIClient) -> None:
        answer = generate(page)
        assert answer.status_code == 200, answer.content
        reported = answer.json()
        assert reported["remainingCredit"] == 2
        before, after = opened(Canvas.objects.get()), pixels_of(reported["image"])
        assert after.shape == before.shape
        changed = (before != after).any(axis=2)
        left, top, right, bottom = MASKED
        assert changed[top:bottom, left:right].mean() > 0.9
        reach = 2 * 4 + 8  # The feather is twice the mask's blur; the mask itself came as JPEG.
        changed[top - reach : bottom + reach, left - reach : right + reach] = False
        assert not changed.any()

    def test_it_is_a_version_of_the_studio_with_all_that_was_chosen(self, page: APIClient, cleo: Any) -> None:
        reported = generate(
            page, seed=11, useReference=True, antiGlareFilterFlag=1, antiGlareFilterSigmaS=15, antiGlareFilterSigmaR=0.3
        ).json()
        version = Version.objects.get(pk=reported["version"])
        requests = version.settings
        assert (version.by, version.price, version.seed) == (cleo, 1, 11)
        assert version.slot is not None
        assert version.slot.state == "done"
        assert requests.prompt_text == "masterpiece, realistic, (calm:1.2)"
        assert requests.negative_text == "unreal, (worst quality:2)"
        assert (requests.strength, requests.steps, requests.guidance, requests.fill) == (0.6, 20, 7, Fill.ORIGINAL)
        assert (requests.mask_blur, requests.feather) == (4, 8)
        assert (requests.line_weight, requests.reference_weight, requests.anti_glare) == (1, 1, 0.3)
        assert reported["ignored"] == ["sampler"]  # This engine has none to choose.
        assert CreditCharge.objects.get().version == version.pk

    def test_modes_say_who_leads(self, page: APIClient) -> None:
        reference = {
            "useReference": True,
            "useAnotherImageForReference": True,
            "referenceImageData": data_url(photo(), "png"),
        }
        reported = generate(page, controlMode=1, referenceControlMode=0, referenceControlWeight=0.5, **reference).json()
        version = Version.objects.get(pk=reported["version"])
        assert (version.settings.line_weight, version.settings.reference_weight) == (0.6, 0.375)
        assert "reference" in version.layers

    def test_without_lines_there_is_no_line_art(self, page: APIClient) -> None:
        for changed in ({"useEdge": False}, {"edgeData": ""}, {"edgeData": data_url(black())}):
            version = Version.objects.get(pk=generate(page, **changed).json()["version"])
            assert (version.settings.line_weight, "line" in version.layers) == (0, False)

    def test_networks_that_are_not_here_are_left_out_and_named(self, page: APIClient) -> None:
        reported = generate(page, positivePrompt="fog,<lora:flat2:0.8>").json()
        assert Version.objects.get().settings.prompt_text == "fog"
        assert reported["ignored"] == ["sampler", "positivePrompt: <…>"]

    def test_when_the_credits_are_spent_it_is_the_seed_s_refusal(self, page: APIClient) -> None:
        assert [generate(page).json()["remainingCredit"] for _ in range(3)] == [2, 1, 0]
        refused = generate(page, imageData="not even looked at")
        assert (refused.status_code, refused.json()) == (400, "no sufficient credits remain")
        assert page.get("/user/username").json()["credit"] == 0
        assert CreditCharge.objects.count() == 3

    def test_a_picture_that_fails_costs_nothing(self, page: APIClient, cleo: Any) -> None:
        answer = generate(page, positivePrompt="refused")
        assert (answer.status_code, answer.json()["detail"]) == (503, "width must be smaller.")
        assert standing_of(cleo).left == 3


class TestNotInTime:
    def test_without_a_worker_it_is_503_and_costs_nothing(self, page: APIClient, cleo: Any, settings: Any) -> None:
        settings.RENDER_WAIT_SECONDS = 0
        answer = generate(page)
        assert (answer.status_code, answer.json()["code"]) == (503, "engine_unavailable")
        assert answer["Retry-After"]
        assert GenerationJob.objects.get().control == "cancelled"
        assert standing_of(cleo).left == 3

    def test_with_workers_that_are_busy_it_is_504(self, page: APIClient, settings: Any) -> None:
        settings.RENDER_WAIT_SECONDS = 0
        Worker.objects.create(name="busy", engines=["quick"])
        answer = generate(page)
        assert (answer.status_code, answer.json()["code"]) == (504, "too_slow")


class TestManyAtOnce:
    def test_one_more_than_a_person_may_wait_for_is_429(self, page: APIClient, cleo: Any, settings: Any) -> None:
        settings.PICTURE_WAITS_PER_USER = 1
        with wait_slots.slot_for(cleo):
            for answer in (generate(page), edge(page, data_url(photo()))):
                assert (answer.status_code, answer.json()["code"]) == (429, "too_many_waits")
                assert int(answer["Retry-After"]) > 0
        assert not Canvas.objects.exists()
        assert standing_of(cleo).left == 3

    def test_where_all_wait_already_it_is_503(self, page: APIClient, ann: Any, settings: Any) -> None:
        settings.PICTURE_WAITS = 1
        with wait_slots.slot_for(ann):
            answer = generate(page)
        assert (answer.status_code, answer.json()["code"]) == (503, "too_many_waiting")
        assert int(answer["Retry-After"]) > 0
        assert not Canvas.objects.exists()

    def test_a_refused_request_keeps_no_slot(self, page: APIClient, settings: Any) -> None:
        settings.PICTURE_WAITS_PER_USER = 1
        assert [generate(page, width=0).status_code for _ in range(3)] == [400, 400, 400]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"imageData": "no picture"}, "imageData"),
        ({"imageData": "data:image/jpeg;base64,AAAA"}, "file"),
        ({"maskData": "data:image/png;base64,AAAA"}, "maskData"),
        ({"maskData": ""}, "maskData"),
        ({"edgeData": "data:image/png;base64,AAAA"}, "edgeData"),
        ({"sampler": "PLMS"}, "sampler"),
        ({"steps": 0}, "steps"),
        ({"seed": -2}, "seed"),
        ({"denosing": 1.01}, "denosing"),
        ({"cfgScale": "nan"}, "cfgScale"),
        ({"cfgScale": 31}, "cfgScale"),
        ({"inpaintingFill": 4}, "inpaintingFill"),
        ({"controlMode": 3}, "controlMode"),
        ({"width": 0}, "width"),
        ({"positivePrompt": "(cat:9)"}, "positivePrompt"),
        ({"positivePrompt": ",".join(f"w{n}" for n in range(101))}, "positivePrompt"),
    ],
)
def test_it_refuses_and_names_the_field(page: APIClient, changed: dict[str, Any], named: str) -> None:
    answer = generate(page, **changed)
    assert answer.status_code == 400
    assert named in answer.json()["detail"]
    assert not Version.objects.exists()


@pytest.mark.parametrize("engine", ["quick", "painter"])
def test_what_a_user_forgot_is_named_as_the_client_names_it_whatever_the_engine(
    page: APIClient, settings: Any, engine: str
) -> None:
    settings.GENERATION_DEFAULT_ENGINE = engine
    reference: dict[str, Any] = {"useReference": True, "useAnotherImageForReference": True}
    mask: dict[str, Any] = {"maskData": data_url(black())}
    for field, changed in {"maskData": mask, "referenceImageData": reference}.items():
        answer = generate(page, **changed)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "bad_layer", field)
    assert not Version.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "3", '"x"', "{", "[" * 100_000, '{"width": NaN}'])
def test_it_refuses_what_is_no_such_request(page: APIClient, body: str) -> None:
    assert page.post("/render/generate", body, content_type="text/plain").status_code == 400


def test_nothing_is_decoded_that_is_too_large(page: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes and letters are counted before base64 is, pixels before a picture is."""
    monkeypatch.setattr("generation.retouch.pixels.MOST_PIXELS", 100)
    assert "more than 100 pixels" in generate(page).json()["detail"]
    assert "maskData" in generate(page, maskData="A" * 16_000_001).json()["fields"]
    settings.REQUEST_MAX_BYTES = 1000
    assert generate(page).status_code == 413
    monkeypatch.setattr("generation.api.seeds.translation.LARGEST", 1000)
    assert edge(page, "A" * 1001).status_code == 413
