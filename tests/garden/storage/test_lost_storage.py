"""The wrong storage, or the wrong database, costs no file: nothing is changed, and people are notified."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from garden.doctor import check_devices
from garden.fleet.alerts import CLEARED, RAISED, Event, _due_events, describe
from garden.fleet.rules import update_site_alarm, watch
from garden.models import Alarm, Image
from garden.services import register_image
from garden.storage.comparison import find_differences
from garden.storage.sync import Repairer
from garden.tasks import sync_storage
from tests.garden.storage.conftest import storage_entry
from tests.garden.storage.test_sync import jpeg, put, sync

pytestmark = pytest.mark.django_db
OTHERS = ["an empty one", "one that is not there", "one with other pictures"]


def planted(count: int) -> list[Image]:
    """Images with their files, one in three in the pool."""
    roots = ["emotions", "emotions", "imgPool"]
    keys = [f"{roots[number % 3]}/calm/img {number:03},봄_0h.jpeg" for number in range(count)]
    return [register_image(key=key, content=jpeg(), origin="painter") for key in keys]


def states() -> dict[str, str]:
    return dict(Image.objects.values_list("key", "state"))


@pytest.fixture(params=["disk", "bucket"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def use(settings: Any) -> Any:
    def use(entry: dict[str, Any]) -> None:
        settings.STORAGES = {**settings.STORAGES, "default": entry}

    return use


def another(which: str, kind: str, folder: Path, endpoint: str) -> dict[str, Any]:
    entry = storage_entry(kind, folder / "another", endpoint)
    if which == OTHERS[1]:
        entry["OPTIONS"] |= {"location": folder / "nowhere"} if kind == "disk" else {"bucket_name": "nobodys-bucket"}
    elif kind == "disk":
        entry["OPTIONS"]["location"].mkdir(parents=True)
    return entry


@pytest.fixture
def own(kind: str, use: Any, tmp_path: Path, endpoint: str) -> dict[str, Any]:
    entry = storage_entry(kind, tmp_path, endpoint)
    use(entry)
    return entry


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("which", OTHERS)
def test_the_wrong_storage_is_refused_and_changes_nothing(
    own: Any, use: Any, kind: str, which: str, count: int, tmp_path: Path, endpoint: str
) -> None:
    planted(count)
    sync("--apply")
    before = states()
    use(another(which, kind, tmp_path, endpoint))
    if which == OTHERS[2]:
        put(default_storage, "emotions/happy/strange_0h.jpeg", jpeg())
    with pytest.raises(CommandError, match=r"missing: the storage|There is no bucket"):
        call_command("sync_storage", "--apply", stdout=StringIO())
    assert states() == before
    use(own)
    assert sync() == (0, {"differences": [], "repaired": {}, "problems": []})


@pytest.mark.parametrize("which", OTHERS)
def test_by_the_clock_it_raises_an_alarm_that_ends_by_itself(
    own: Any, use: Any, kind: str, which: str, settings: Any, tmp_path: Path, endpoint: str
) -> None:
    settings.ALERT_WEBHOOK_URL = "https://hooks.example.org/garden"
    planted(3)
    assert sync_storage() == {"never read": 3}
    before = states()
    use(another(which, kind, tmp_path, endpoint))
    for _ in range(2):
        assert sync_storage() == {}
        assert watch()
    assert states() == before
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.cleared_at) == (Alarm.Kind.FILES_MISSING, None)
    assert alarm.notified == {"webhook": ""}
    news = describe([Event(alarm, RAISED)])
    assert [(event["device"], event["kind"]) for event in news["raised"]] == [("storage", "files_missing")]
    assert "has missing picture files" in news["text"]
    assert [finding.advice for finding in check_devices()] == ["manage.py sync_storage"]
    use(own)
    sync_storage()
    assert Alarm.objects.get().cleared_at is not None
    assert [event.name for event in _due_events("webhook")] == [RAISED, CLEARED]


def test_a_run_of_one_folder_ends_no_alarm(settings: Any, tmp_path: Path, endpoint: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("disk", tmp_path, endpoint)}
    update_site_alarm(Alarm.Kind.FILES_MISSING, "The files of 3 of 3 images are missing.")
    sync("--apply", "--folder", "imgPool")
    assert Alarm.objects.get().cleared_at is None
    sync("--apply")
    assert Alarm.objects.get().cleared_at is not None


@pytest.mark.parametrize(("images", "missing", "is_refused"), [(40, 20, False), (40, 21, True), (220, 22, False)])
def test_a_tenth_and_twenty_files_may_be_missing(
    settings: Any, tmp_path: Path, endpoint: str, images: int, missing: int, is_refused: bool
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("disk", tmp_path, endpoint)}
    for image in planted(images)[:missing]:
        default_storage.delete(image.key)
    assert bool(sync_storage()) is not is_refused
    assert Image.objects.file_missing().count() == (0 if is_refused else missing)


def test_what_is_allowed_to_be_missing_returns_with_the_right_storage(
    own: Any, use: Any, kind: str, tmp_path: Path, endpoint: str
) -> None:
    images = planted(30)
    before = states()
    Image.objects.filter(pk=images[0].pk).withdraw()
    use(another(OTHERS[0], kind, tmp_path, endpoint))
    assert sync("--apply", "--allow-missing")[1]["repaired"] == {"missing file": 29}
    assert set(states().values()) == {"trash"}
    assert sync()[0] == 0
    use(own)
    assert sync("--apply")[1]["repaired"] == {"file is back": 29, "never read": 1}
    assert states() == {**before, images[0].key: "trash"}


def test_a_file_that_came_since_the_listing_is_not_missing(own: Any) -> None:
    image = planted(2)[0]
    default_storage.delete(image.key)
    differences = list(find_differences())
    put(default_storage, image.key, jpeg())
    list(Repairer(1).repair(differences))
    assert Image.objects.get(pk=image.pk).state == "serving"


def leave_files_without_rows(count: int) -> list[str]:
    """Opened pictures of the studio and small copies, as they lie beside a database that was lost."""
    folder = "retouch/00000000-0000-4000-8000-0000000000"
    keys = [f"{folder}{number:02}/opened.png" for number in range(0, count, 2)]
    keys += [f"derived/320/emotions/calm/gone {number}_0h.jpeg.webp" for number in range(1, count, 2)]
    for key in keys:
        put(default_storage, key, jpeg())
    return keys


@pytest.fixture
def later() -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2), tick=True):
        yield


def standing(keys: list[str]) -> int:
    return sum(map(default_storage.exists, keys))


@pytest.mark.parametrize(("images", "orphans"), [(0, 2), (30, 24)])
def test_files_beside_the_wrong_database_are_not_deleted(
    settings: Any, tmp_path: Path, endpoint: str, later: None, images: int, orphans: int
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("disk", tmp_path, endpoint)}
    planted(images)
    keys = leave_files_without_rows(orphans)
    with pytest.raises(CommandError, match=r"the database is probably empty.*--allow-orphans"):
        call_command("sync_storage", "--apply", stdout=StringIO())
    assert sync_storage() == {}
    assert "the database is probably empty" in Alarm.objects.get(cleared_at=None).detail
    assert standing(keys) == orphans
    assert sync("--apply", "--allow-orphans")[1]["repaired"]["orphan"] == orphans
    assert standing(keys) == 0
    assert not Alarm.objects.filter(cleared_at=None)


def test_a_few_files_without_rows_are_deleted_by_the_clock(
    settings: Any, tmp_path: Path, endpoint: str, later: None
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("disk", tmp_path, endpoint)}
    planted(3)
    keys = leave_files_without_rows(4)
    assert sync_storage()["orphan"] == 4
    assert standing(keys) == 0
