"""Numbers that no row has, because no database column can hold them, and answers that repeat what was sent."""

import json
import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.curation.cast import member
from tests.factories import ImageFactory

pytestmark = pytest.mark.django_db
HUGE = 1002060445187450863616


@pytest.fixture
def curator(api: APIClient) -> APIClient:
    api.force_login(member("operator"))
    return api


def send(client: APIClient, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("number", [2**63, HUGE, "9" * 5_000])
@pytest.mark.parametrize(
    "path",
    [
        "/curation/lookalikes/{}/settle",
        "/curation/releases/{}/roll-back",
        "/curation/releases/{}/cancel",
        "/curation/retouch/presets/{}/delete",
    ],
)
def test_it_finds_nothing_under_a_number_larger_than_any_id(curator: APIClient, path: str, number: object) -> None:
    answer = send(curator, path.format(number), {"id": str(uuid.uuid4()), "how": "keep_all"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_it_says_that_a_group_with_the_largest_id_is_gone(curator: APIClient) -> None:
    answer = send(curator, f"/curation/lookalikes/{2**63 - 1}/settle", {"id": str(uuid.uuid4()), "how": "keep_all"})
    assert (answer.status_code, answer.json()["group"]) == (409, 2**63 - 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/curation/acts", {"id": str(uuid.uuid4()), "kind": "remove", "images": [HUGE]}),
        ("/curation/acts", {"id": str(uuid.uuid4()), "kind": "remove", "filter": {"start": HUGE}}),
        ("/curation/acts", {"id": str(uuid.uuid4()), "kind": "remove", "filter": {"emotion": "\ud800"}}),
        ("/curation/decisions", {"decisions": [{"event": str(uuid.uuid4()), "image": HUGE, "verdict": "like"}]}),
        ("/retrieve", {"emotion": "calm", "start": HUGE}),
        ("/bulk", {"index": HUGE, "prompt": "{}", "fname": "imgPool/happy/img_1"}),
        ("/text2image", {"text": "a pond", "seed": HUGE}),
        ("/gpu-hosts/idle", {"seconds": HUGE}),
    ],
)
def test_it_refuses_values_that_no_column_holds(curator: APIClient, path: str, body: dict[str, Any]) -> None:
    answer = send(curator, path, body)
    assert (answer.status_code, set(answer.json()) >= {"code", "detail"}) == (400, True)


def test_it_names_the_wrong_one_of_several_decisions(curator: APIClient) -> None:
    image = ImageFactory.create(key="imgPool/calm/a_h.jpeg").pk
    right = {"event": str(uuid.uuid4()), "image": image, "verdict": "like"}
    answer = send(curator, "/curation/decisions", {"decisions": [right, {**right, "verdict": "perhaps"}]})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("verdict: ")
