"""A picture grown for a visitor: asked for, watched, given up, reviewed, taken along where the site allows it."""

import io
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from garden.models import Image, Zone
from garden.souvenirs.provenance import read_xmp
from garden.storage.thumbnails import delete_derived
from garden.walls.rotation import keep_walls
from generation.backends import check_grow_engine, check_safety_network
from generation.growing import moment_of, prune_growths
from generation.models import GenerationJob, PromptTemplate, Slot
from generation.models.job import Priority
from generation.queue.worker import work
from recommend.models import ImageRate
from tests.generation.jobs import ask_for
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
PAINTER = ["painter"]


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1")


def ask(api: APIClient, **changed: Any) -> Any:
    wanted = {"id": str(uuid.uuid4()), "emotion": "calm", "orientation": "portrait", **changed}
    return api.post("/grow", wanted, format="json")


def grow(api: APIClient, **changed: Any) -> dict[str, Any]:
    """A picture that has grown: what the kiosk reads of it."""
    asked = ask(api, **changed)
    assert asked.status_code == 202, asked.content
    work(engines=PAINTER)
    read: dict[str, Any] = api.get(f"/grow/{asked.json()['id']}").json()
    return read


class TestWatching:
    def test_it_shows_the_layers_in_their_order_and_ends_with_the_finished_picture(self, api: APIClient) -> None:
        read = grow(api)
        assert (read["state"], read["stages"]) == ("done", 5)
        stages = [api.get(f"{read['picture']['url'].rpartition('/')[0]}/{n}") for n in range(1, 6)]
        sizes = [PIL.Image.open(io.BytesIO(stage.content)).size for stage in stages]
        assert sizes == [(800, 1280)] * 5
        assert len({stage.content for stage in stages}) == 5
        assert {stage["Cache-Control"] for stage in stages} == {"private, max-age=300"}

    def test_it_is_made_before_all_other_work(self, api: APIClient) -> None:
        ask_for(3, engine="painter")
        grown = ask(api).json()["id"]
        work(engines=PAINTER)
        first = Slot.objects.order_by("finished_at").first()
        assert first is not None
        assert str(first.job_id) == grown

    def test_it_says_how_many_are_before_it(self, api: APIClient) -> None:
        asked = [ask(api).json()["id"] for _ in range(3)]
        assert [api.get(f"/grow/{one}").json()["ahead"] for one in asked] == [0, 1, 2]

    def test_the_same_request_grows_one_picture(self, api: APIClient) -> None:
        again = str(uuid.uuid4())
        assert ask(api, id=again).json() == ask(api, id=again).json()
        assert GenerationJob.objects.count() == 1

    def test_it_can_be_given_up(self, api: APIClient) -> None:
        asked = ask(api).json()["id"]
        assert api.delete(f"/grow/{asked}").status_code == 204
        assert work(engines=PAINTER) == 0
        assert api.get(f"/grow/{asked}").json()["state"] == "cancelled"

    def test_it_is_not_among_the_jobs_that_staff_ordered(self, api: APIClient) -> None:
        ask(api)
        mine = ask_for(1)
        assert list(GenerationJob.objects.by_staff()) == [mine]

    def test_other_jobs_are_not_shown(self, api: APIClient) -> None:
        job = ask_for(1)
        for answer in (api.get(f"/grow/{job.pk}"), api.get(f"/grow/{job.pk}/1"), api.delete(f"/grow/{job.pk}")):
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_growth")

    def test_its_job_is_deleted_after_a_day_and_its_picture_stays(self, api: APIClient) -> None:
        grow(api)
        open_one = ask(api).json()["id"]
        assert prune_growths(timezone.now() + timedelta(days=2)) > 0
        assert [str(job.pk) for job in GenerationJob.objects.all()] == [open_one]
        assert Image.objects.filter(grown_at__isnull=False).count() == 1


class TestTheMoment:
    @pytest.mark.parametrize(
        ("hemisphere", "moment", "words"),
        [
            ("north", "2026-01-05T23:00", "winter,night"),
            ("north", "2026-07-05T12:00", "summer,day"),
            ("south", "2026-07-05T07:00", "winter,morning"),
            ("south", "2026-11-05T19:00", "spring,evening"),
        ],
    )
    def test_it_shows_season_and_time_of_the_place(
        self, settings: Any, hemisphere: str, moment: str, words: str
    ) -> None:
        settings.SITE_HEMISPHERE = hemisphere
        assert ",".join(moment_of(datetime.fromisoformat(moment)).values()) == words

    def test_it_shows_the_weather_that_the_site_reports_as_long_as_it_counts(self, api: APIClient) -> None:
        with time_machine.travel(timezone.now()) as clock:
            call_command("set_weather", "rainy", hours=1)
            ask(api)
            clock.shift(3601)
            ask(api)
        rain = ["rainy" in slot.prompt for slot in Slot.objects.order_by("pk")]
        assert rain == [True, False]

    def test_a_favorite_is_one_that_the_garden_shows(self, api: APIClient) -> None:
        refused = ask(api, favorite="dragon")
        assert (refused.status_code, refused.json()["field"]) == (400, "favorite")
        ImageFactory(key="emotions/calm/cat/img_1h.jpeg")
        assert grow(api, favorite="cat")["picture"]["emotion"] == "calm/cat"


class TestSafety:
    def test_a_site_may_grow_none(self, api: APIClient, settings: Any) -> None:
        settings.GROW_ENGINE = ""
        refused = ask(api)
        assert (refused.status_code, refused.json()["code"]) == (403, "growing_off")

    def test_an_engine_that_does_not_exist_is_found_by_the_checks(self, settings: Any) -> None:
        settings.GROW_ENGINE = "brush"
        assert [error.id for error in check_grow_engine()] == ["generation.grow_engine"]

    def test_another_engine_uses_only_templates_that_curators_enabled(self, api: APIClient, settings: Any) -> None:
        settings.GROW_ENGINE = "quick"
        PromptTemplate.objects.update(active=False)
        assert ask(api).json()["code"] == "growth_refused"
        template = PromptTemplate.objects.create(emotion="calm", text="a [EMOTION] pond, [SEASON]", negative="people")
        assert ask(api).status_code == 202
        slot = Slot.objects.get()
        assert slot.prompt.startswith("a calm pond, ")
        assert (slot.template, slot.negative_prompt) == (template, "people")

    def test_a_blocked_word_grows_nothing(self, api: APIClient, settings: Any) -> None:
        settings.GROW_BLOCKED_WORDS = ["Calm"]
        assert ask(api).status_code == 400
        assert not GenerationJob.objects.exists()

    def test_a_picture_that_the_safety_check_refuses_is_neither_shown_nor_kept(
        self, api: APIClient, settings: Any
    ) -> None:
        settings.GROW_ENGINE = "quick"
        settings.GROW_SAFETY_LIMIT = 0.0  # No picture is that sure.
        job = ask(api).json()["id"]
        work(engines=["quick"])
        assert api.get(f"/grow/{job}").json()["state"] == "failed"
        assert (api.get(f"/grow/{job}/1").status_code, Image.objects.count()) == (404, 0)

    def test_the_safety_check_is_off_by_default_and_lets_other_pictures_pass(
        self, api: APIClient, settings: Any
    ) -> None:
        assert settings.GROW_SAFETY_LIMIT == 1
        settings.GROW_ENGINE = "quick"
        settings.GROW_SAFETY_LIMIT = 0.5
        job = ask(api).json()["id"]
        work(engines=["quick"])
        assert api.get(f"/grow/{job}").json()["state"] == "done"

    def test_a_missing_network_is_found_by_the_checks(self, settings: Any, tmp_path: Path) -> None:
        settings.GROW_SAFETY_LIMIT = 0.5
        assert check_safety_network() == []
        settings.FACE_MODELS = tmp_path
        assert [warning.id for warning in check_safety_network()] == ["generation.safety_network"]

    def test_many_at_once_are_bounded(self, api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("generation.growing.MOST_OPEN", 2)
        assert [ask(api).status_code for _ in range(3)] == [202, 202, 503]

    def test_it_is_labelled_as_made_by_a_machine(self, api: APIClient) -> None:
        image = Image.objects.get(key=grow(api)["picture"]["key"])
        with default_storage.open(image.key) as file:
            assert read_xmp(file.read())["Iptc4xmpExt:DigitalSourceType"].endswith("algorithmicMedia")


class TestReview:
    def test_it_waits_in_the_pool_and_no_visitor_sees_it(self, api: APIClient, zone: Zone) -> None:
        picture = grow(api)["picture"]
        image = Image.objects.get(key=picture["key"])
        assert (image.state, picture["canLeave"]) == (Image.State.POOL, False)
        assert api.post("/souvenir", {"key": image.key}, format="json").status_code == 404
        assert api.post("/sendToWall", {"keys": [image.key]}, format="json").status_code == 404
        assert api.get(f"/picture/0/{image.key}").status_code == 404

    def test_its_like_is_kept_without_the_visitor(self, api: APIClient) -> None:
        key = grow(api)["picture"]["key"]
        liked = {"id": "visitor", "itemId": key, "impression": [key]}
        assert api.post("/like", liked, format="json").status_code == 200
        rate = ImageRate.objects.get(image__key=key)
        assert (rate.shown, rate.liked) == (1, 1)

    def test_where_the_site_allows_it_it_goes_home_and_to_the_wall_at_once(
        self, api: APIClient, settings: Any, zone: Zone
    ) -> None:
        settings.GROWN_UNREVIEWED = True
        picture = grow(api)["picture"]
        assert picture["canLeave"]
        assert api.post("/souvenir", {"key": picture["key"]}, format="json").status_code == 200
        assert api.post("/sendToWall", {"keys": [picture["key"]]}, format="json").status_code == 200
        keep_walls()
        shown = zone.assignments.shown().values_list("image__key", flat=True)
        assert list(shown) == [picture["key"]]
        slots = api.get("/wall/zone1/manifest").json()["slots"]
        assert [slot["key"] for slot in slots.values()] == [picture["key"]]
        assert api.get(f"/picture/0/{picture['key']}").status_code == 200

    def test_walls_show_how_it_grew_where_the_site_wants_it(self, api: APIClient, settings: Any, zone: Zone) -> None:
        settings.GROWN_UNREVIEWED = settings.WALLS_SHOW_GROWTH = True
        key = grow(api)["picture"]["key"]
        api.post("/sendToWall", {"keys": [key]}, format="json")
        [slot] = api.get("/wall/zone1/manifest").json()["slots"].values()
        stages: list[Any] = [api.get(path) for path in slot["stages"]]
        sizes = [PIL.Image.open(io.BytesIO(b"".join(stage.streaming_content))).size for stage in stages]
        assert sizes == [(800, 1280)] * 4
        delete_derived(key)
        assert api.get(slot["stages"][0]).status_code == 404
        Image.objects.filter(key=key).withdraw()
        assert api.get(slot["stages"][1]).status_code == 404

    def test_a_curator_takes_it_off_the_wall_by_removing_it(self, api: APIClient, settings: Any, zone: Zone) -> None:
        settings.GROWN_UNREVIEWED = True
        key = grow(api)["picture"]["key"]
        api.post("/sendToWall", {"keys": [key]}, format="json")
        Image.objects.filter(key=key).withdraw()
        keep_walls()
        assert api.get("/wall/zone1/manifest").json()["slots"] == {}
        assert api.post("/souvenir", {"key": key}, format="json").status_code == 404

    def test_priority_of_visitors_is_theirs_alone(self, api: APIClient) -> None:
        ask(api)
        assert list(Slot.objects.values_list("priority", flat=True)) == [Priority.KIOSK]
