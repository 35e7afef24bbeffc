"""Releases of a garden: rolled back, compared and scheduled."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from curation.errors import OperationConflictError, ScheduleError, UnknownReleaseError
from curation.models import Garden, Release
from curation.services.operations import (
    begin_operation,
    cancel_schedule,
    publish_images,
    remove_images,
    roll_back,
    undo_operation,
    withdraw_images,
)
from curation.services.releases import diff, start_due_releases
from garden.models import Image
from tests.curation.cast import member, picture, pool, serving

pytestmark = pytest.mark.django_db
State = Image.State
TOMORROW = timedelta(days=1)


def copies(*numbers: int) -> set[str]:
    return {f"emotions/calm/img_{number}_0h.jpeg" for number in numbers}


def numbers() -> list[int | None]:
    return list(Release.objects.order_by("number").values_list("number", flat=True))


@pytest.fixture
def three() -> list[Image]:
    """A garden of three releases, one picture each."""
    images = pool(3)
    for image in images:
        publish_images(images=[image.pk], by=None)
    return images


@pytest.mark.usefixtures("three")
class TestRollBack:
    def test_it_makes_the_garden_what_it_was_as_a_new_release(self) -> None:
        curator = member("publisher")
        operation = roll_back(garden="calm", number=1, by=curator, note="too much")
        assert serving() == copies(0)
        release = Release.objects.get(number=4)
        assert (release.returns_to, release.removed, release.by, release.note) == (1, 2, curator, "too much")
        assert (operation.state, operation.total) == ("done", 2)
        assert Garden.objects.get(pk="calm").live == release

    def test_it_keeps_the_order_that_visitors_saw(self, api: APIClient) -> None:
        def seen() -> Any:
            return api.post("/gardenfromDB", {"emotion": "calm"}, format="json").json()

        before = seen()
        roll_back(garden="calm", number=1, by=None)
        roll_back(garden="calm", number=3, by=None)
        assert seen() == before

    @pytest.mark.parametrize(("garden", "number"), [("calm", 9), ("nonsense", 0)])
    def test_a_release_that_does_not_exist_is_refused(self, garden: str, number: int) -> None:
        with pytest.raises(UnknownReleaseError):
            roll_back(garden=garden, number=number, by=None)
        assert Garden.objects.count() == 8

    def test_rolling_back_to_where_it_is_makes_no_release(self) -> None:
        roll_back(garden="calm", number=3, by=None)
        assert numbers() == [1, 2, 3]

    def test_other_gardens_stay_as_they_are(self) -> None:
        publish_images(images=[pool(1, "sad")[0].pk], by=None)
        roll_back(garden="calm", number=0, by=None)
        assert serving() == {"emotions/sad/img_0_0h.jpeg"}


@pytest.mark.usefixtures("three")
class TestDiff:
    def test_it_names_what_came_and_what_went(self) -> None:
        withdraw_images(images=list(Image.objects.filter(key__in=copies(0)).values_list("pk", flat=True)), by=None)
        found = diff(garden="calm", first=1, second=4)
        assert (set(found.added), set(found.removed)) == (copies(1, 2), copies(0))


class TestSchedule:
    def test_it_goes_live_when_its_time_comes_and_once(self) -> None:
        image = pool(1)[0]
        publish_images(images=[image.pk], by=None, schedule=timezone.now() + TOMORROW)
        assert start_due_releases() == 0
        assert serving() == set()
        assert not Image.objects.viewable().exists()
        with time_machine.travel(datetime.now(UTC) + 2 * TOMORROW):
            assert [start_due_releases() for _beat in range(3)] == [1, 0, 0]
        assert serving() == copies(0)
        release = Release.objects.get()
        assert (release.number, release.added) == (1, 1)

    def test_it_takes_its_number_when_it_goes_live(self) -> None:
        first, second = pool(2)
        publish_images(images=[first.pk], by=None, schedule=timezone.now() + TOMORROW)
        publish_images(images=[second.pk], by=None)
        with time_machine.travel(datetime.now(UTC) + 2 * TOMORROW):
            start_due_releases()
        assert diff(garden="calm", first=0, second=1).added == list(copies(1))
        assert diff(garden="calm", first=1, second=2).added == list(copies(0))

    def test_what_was_removed_meanwhile_does_not_appear(self) -> None:
        images = pool(2)
        publish_images(images=[image.pk for image in images], by=None, schedule=timezone.now() + TOMORROW)
        remove_images(images=[Image.objects.shelved().order_by("id")[0].pk], by=None)
        with time_machine.travel(datetime.now(UTC) + 2 * TOMORROW):
            start_due_releases()
        assert len(serving()) == Release.objects.get().added == Release.objects.get().changes.count() == 1

    def test_a_cancelled_one_never_goes_live_and_its_original_waits_again(self) -> None:
        image = pool(1)[0]
        publish_images(images=[image.pk], by=None, schedule=timezone.now() + TOMORROW)
        operation = cancel_schedule(release=Release.objects.get(), by=None)
        assert (operation.kind, operation.state) == ("cancel", "done")
        with time_machine.travel(datetime.now(UTC) + 2 * TOMORROW):
            assert start_due_releases() == 0
        assert Image.objects.pool().get() == image

    def test_an_act_under_the_id_of_a_cancellation_does_not_block_it(self) -> None:
        publish_images(images=[pool(1)[0].pk], by=None, schedule=timezone.now() + TOMORROW)
        release = Release.objects.get()
        guessed = uuid.uuid5(uuid.NAMESPACE_OID, f"cancel release {release.pk}")
        begin_operation(kind="remove", by=None, operation_id=guessed)
        assert cancel_schedule(release=release, by=None).kind == "cancel"
        assert not Release.objects.scheduled().exists()

    def test_one_that_is_live_is_not_cancelled(self, three: list[Image]) -> None:
        with pytest.raises(OperationConflictError):
            cancel_schedule(release=Release.objects.get(number=1), by=None)

    @pytest.mark.parametrize("live", [False, True])
    def test_undoing_takes_it_back_before_and_after(self, live: bool) -> None:
        image = pool(1)[0]
        operation = publish_images(images=[image.pk], by=None, schedule=timezone.now() + TOMORROW)
        with time_machine.travel(datetime.now(UTC) + 2 * TOMORROW):
            if live:
                start_due_releases()
            undo_operation(operation=operation, by=None)
            start_due_releases()
        assert serving() == set()
        assert Image.objects.pool().get() == image

    @pytest.mark.parametrize(("verb", "when"), [(remove_images, TOMORROW), (publish_images, -TOMORROW)])
    def test_removals_and_the_past_do_not_wait(self, verb: Any, when: timedelta) -> None:
        kind = "remove" if verb is remove_images else "publish"
        with pytest.raises(ScheduleError):
            begin_operation(kind=kind, by=None, images=[], schedule=timezone.now() + when)

    def test_a_scheduled_withdrawal_takes_effect_at_its_time(self) -> None:
        image = picture("emotions/calm/a_0h.jpeg")
        withdraw_images(images=[image.pk], by=None, schedule=timezone.now() + TOMORROW)
        assert serving() == {image.key}
        with time_machine.travel(datetime.now(UTC) + 2 * TOMORROW):
            start_due_releases()
        assert serving() == set()
