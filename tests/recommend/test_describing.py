"""Pictures are described when they appear, once each, whatever becomes of messages, files and workers."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError

from garden.models import Image
from recommend import tasks
from recommend.features import DIMENSION, VERSION
from recommend.models import Description, Ledger
from recommend.models.description import unpack
from recommend.services.descriptions import describe_missing
from tests.recommend.cast import plant
from tests.support.factories import ImageFactory
from tests.support.pictures import coffee

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was sent to the worker."""
    messages: list[Any] = []
    monkeypatch.setattr(tasks.describe_images, "apply_async", lambda args, **options: messages.append(args))
    return messages


def test_a_picture_that_appears_wakes_the_worker_when_it_is_committed(
    sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        (image,) = plant(1)
        ImageFactory(key="imgPool/calm/img_1_0h.jpeg")
    assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [[[image.pk]]]


def test_a_broker_that_is_down_keeps_no_picture_from_appearing(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.describe_images, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        plant(1)
    assert Image.objects.count() == 1
    assert "the sweep" in caplog.text


def test_the_worker_describes_the_file_and_the_words() -> None:
    (image,) = plant(1)
    default_storage.save(image.key, ContentFile(coffee()))
    assert tasks.describe_images([image.pk]) == 1
    described = Description.objects.get()
    assert (described.image, described.version, described.sequence) == (image, VERSION, 1)
    assert unpack(bytes(described.vector)).shape == (DIMENSION,)
    assert unpack(bytes(described.vector))[-24:].any()


def test_it_is_described_once_however_often_it_is_requested() -> None:
    (image,) = plant(1)
    assert [tasks.describe_images([image.pk]) for _ in range(2)] == [1, 0]
    assert list(describe_missing(images=[image])) == [0]
    assert Description.objects.count() == Ledger.objects.current().head == 1


def test_the_sweep_describes_what_no_message_named_and_leaves_the_pool_alone() -> None:
    plant(3)
    ImageFactory(key="imgPool/calm/img_1_0h.jpeg")
    assert [tasks.sweep_descriptions() for _ in range(2)] == [3, 0]


def test_the_quick_sweep_describes_only_what_changed_lately() -> None:
    old, _new = plant(2)
    Image.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(hours=2))
    assert tasks.sweep_descriptions(lately=True) == 1
    assert tasks.sweep_descriptions() == 1


def test_a_file_that_cannot_be_read_now_is_left_for_the_next_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a, b = plant(2)
    real = default_storage.open

    def open_some(name: str, *args: Any) -> Any:
        if name == a.key:
            raise ConnectionError
        return real(name, *args)

    monkeypatch.setattr(default_storage, "open", open_some)
    assert tasks.sweep_descriptions() == 1
    assert Description.objects.get().image == b
    assert "cannot be described now" in caplog.text
    monkeypatch.undo()
    assert tasks.sweep_descriptions() == 1


def test_a_description_outlives_its_image() -> None:
    (image,) = plant(1)
    tasks.sweep_descriptions()
    image.delete()
    assert Description.objects.count() == 1


def run(*options: str) -> str:
    out = StringIO()
    call_command("make_features", *options, stdout=out, verbosity=0)
    return out.getvalue()


def test_the_command_counts_first_and_describes_all() -> None:
    plant(3)
    assert run("--dry-run") == "Pictures to be described: 3.\n"
    assert Description.objects.count() == 0
    assert run() == "Pictures described: 3; left for later: 0.\n"
    assert run() == "Pictures described: 0; left for later: 0.\n"
