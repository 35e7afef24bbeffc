"""A server whose recommender is still reading, as visitors and the proxy see it."""

from pathlib import Path
from typing import Any

import pytest
import requests

from recommend.services import gardens
from recommend.services.gardens import warm_up_recommenders
from tests.faults.server import Server, running_server
from tests.recommend import broken
from tools.services.ports import answers, wait_until

SLOW = "tests.recommend.slow_settings"
PLANT = "from tests.recommend.cast import plant; print(*[image.key for image in plant(3)])"


def garden(server: Server) -> Any:
    answer = requests.post(f"{server.url}/garden", json={"id": "ann", "emotion": "calm"}, timeout=60)
    assert answer.status_code == 200
    return answer.json()


def test_it_serves_the_stable_order_and_is_not_ready_until_all_is_read(tmp_path: Path, migrated_sqlite: Path) -> None:
    with running_server(tmp_path, migrated_sqlite, "/healthz/live", DJANGO_SETTINGS_MODULE=SLOW) as server:
        ready = requests.get(f"{server.url}/healthz/ready", timeout=60)
        assert (ready.status_code, ready.json()) == (503, {"ready": False, "reasons": ["warming"]})
        planted = server.ask(PLANT).split()
        early = garden(server)
        assert early["personalized"] is False
        assert [image["key"] for image in early["landscape"]] == planted[::-1]
        (server.folder / "data" / "warm").touch()
        wait_until(lambda: answers(f"{server.url}/healthz/ready"))
        assert garden(server)["personalized"] is True


@pytest.mark.django_db
def test_a_database_that_is_down_at_first_is_tried_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.LateRecommender"}
    monkeypatch.setattr(gardens, "RETRY_SECONDS", 0)
    broken.ANSWERS[:] = [False, False, True]
    warm_up_recommenders()
    assert broken.ANSWERS == []
