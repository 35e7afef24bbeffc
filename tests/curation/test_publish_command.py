"""`publish` does what `aws s3 cp imgPool emotions` did, through the same service as the pages."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from curation.models import BulkOperation, Release
from garden.models import Image
from garden.services import register_image
from tests.support.pictures import portrait

pytestmark = pytest.mark.django_db


def picture(key: str) -> Image:
    return register_image(key=key, content=portrait(), origin="painter")


def publish(*options: Any) -> str:
    out = StringIO()
    call_command("publish", *options, stdout=out)
    return out.getvalue()


def served() -> list[str]:
    return sorted(Image.objects.serving().values_list("key", flat=True))


def test_it_publishes_a_folder_and_keys() -> None:
    for key in ("imgPool/calm/a_h.jpeg", "imgPool/calm/cat/b_h.jpeg", "imgPool/calmer.jpeg", "imgPool/sad/c_h.jpeg"):
        picture(key)
    assert "Pictures: 3. calm 1, sad 1." in publish("imgPool/calm", "imgPool/sad/c_h.jpeg")
    assert served() == ["emotions/calm/a_h.jpeg", "emotions/calm/cat/b_h.jpeg", "emotions/sad/c_h.jpeg"]
    assert default_storage.exists("emotions/calm/cat/b_h.jpeg")


def test_it_is_safe_to_repeat() -> None:
    picture("imgPool/calm/a_h.jpeg")
    publish("imgPool/calm")
    assert "Pictures: 0. no release." in publish("imgPool/calm")
    assert Release.objects.count() == 1


def test_it_publishes_only_what_was_liked_when_asked() -> None:
    picture("imgPool/calm/a_h.jpeg")
    Image.objects.filter(pk=picture("imgPool/calm/b_h.jpeg").pk).update(verdict="like")
    publish("imgPool/calm", "--liked")
    assert served() == ["emotions/calm/b_h.jpeg"]


def test_it_shows_first_what_it_would_publish() -> None:
    picture("imgPool/calm/a_h.jpeg")
    assert publish("imgPool", "--dry-run") == "imgPool/calm/a_h.jpeg\n"
    assert served() == []


def test_it_notes_who_and_why_and_waits_for_its_time() -> None:
    User.objects.create_superuser("pia")
    picture("imgPool/calm/a_h.jpeg")
    publish("imgPool/calm", "--by", "pia", "--note", "winter", "--at", "2126-12-24T18:00")
    operation = BulkOperation.objects.get()
    assert (str(operation.by), operation.note) == ("pia", "winter")
    assert Release.objects.scheduled().get().goes_live_at
    assert served() == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["imgPool/calm", "--by", "nobody"], "there is no user 'nobody'"),
        (["imgPool/calm", "--at", "soon"], "'soon' is no time"),
        (["imgPool/calm", "--at", "2020-01-01T00:00"], "time to come"),
        (["imgPool/free.jpeg"], "imgPool/free.jpeg"),
    ],
)
def test_it_says_what_is_wrong_and_publishes_nothing(options: list[str], words: str) -> None:
    picture("imgPool/calm/a_h.jpeg")
    picture("imgPool/free.jpeg")
    with pytest.raises(CommandError, match=words):
        publish(*options)
    assert served() == []


@pytest.mark.django_db(transaction=True)
def test_it_sees_many_through_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.services.operations.AT_ONCE", 1)
    for number in range(3):
        picture(f"imgPool/calm/{number}_h.jpeg")
    assert "Pictures: 3. calm 1." in publish("imgPool/calm")
    assert len(served()) == 3
