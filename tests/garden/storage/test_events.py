"""A bucket tells of its objects in any order, twice and late; the end is always what the bucket holds."""

import itertools
from io import StringIO
from typing import Any

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from garden.models import Image, SetAsideMessage
from garden.storage.events import UnreadableMessageError, keys_in
from garden.storage.sync import find_differences
from garden.tasks import sync_storage
from tests.garden.storage.conftest import storage_entry
from tests.pictures import encode
from tests.services.s3 import client
from tests.services.sqs import by_event_bridge, by_sns, new_queue, notification, sqs_client

pytestmark = pytest.mark.django_db
EVENTS = ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload", "ObjectRemoved:Delete"]
JUNK = ["", "[]", "{}", '{"Records": [{}]}', '{"Type": "Notification", "Message": "x"}', "null"]
KEY = "emotions/happy/spring,cloudy,day/img 1+1 봄_0h.jpeg"


@pytest.fixture
def bucket(settings: Any, tmp_path: Any, endpoint: str) -> str:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("bucket", tmp_path, endpoint)}
    settings.S3_EVENTS_ENDPOINT_URL, settings.S3_EVENTS_REGION = endpoint, "us-east-1"
    return str(settings.STORAGES["default"]["OPTIONS"]["bucket_name"])


@pytest.fixture
def queue(endpoint: str) -> str:
    return new_queue(endpoint)


def jpeg(width: int = 32) -> bytes:
    return encode(PIL.Image.new("RGB", (width, 20), "teal"))


def put(key: str = KEY, width: int = 32) -> None:
    default_storage.save(key, ContentFile(jpeg(width)))


def tell(endpoint: str, queue: str, *bodies: str) -> None:
    for body in bodies:
        sqs_client(endpoint).send_message(QueueUrl=queue, MessageBody=body)


def listen(queue: str, *options: str) -> str:
    out = StringIO()
    call_command("consume_s3_events", "--queue-url", queue, "--until-empty", "--wait", "0", *options, stdout=out)
    return out.getvalue()


def left_in(endpoint: str, queue: str) -> int:
    names = ["ApproximateNumberOfMessages"]
    facts = sqs_client(endpoint).get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return int(facts[names[0]])


@pytest.mark.parametrize(
    "event",
    ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload", "ObjectRemoved:Delete"],
)
def test_it_reads_the_events_of_s3(event: str) -> None:
    body = notification("pictures", KEY, event)
    assert keys_in(body, "pictures") == keys_in(by_sns(body), "pictures") == [KEY]


def test_it_reads_those_of_event_bridge() -> None:
    for event in ("Object Created", "Object Deleted"):
        assert keys_in(by_event_bridge("pictures", KEY, event), "pictures") == [KEY]


def test_it_passes_over_what_is_not_for_it() -> None:
    assert keys_in(notification("another", KEY), "pictures") == []
    assert keys_in(notification("pictures", KEY, "ObjectRestore:Post"), "pictures") == []
    assert keys_in('{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "pictures"}', "pictures") == []


@pytest.mark.parametrize(
    "junk", ["", "[]", "{}", '{"Records": [{}]}', '{"Type": "Notification", "Message": "x"}', "null"]
)
def test_it_refuses_what_is_no_message_of_a_bucket(junk: str) -> None:
    with pytest.raises(UnreadableMessageError):
        keys_in(junk, "pictures")


def test_it_registers_a_new_file_with_its_key_as_it_is(endpoint: str, bucket: str, queue: str) -> None:
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    assert "1 done" in listen(queue)
    image = Image.objects.get()
    assert (image.key, image.favorite, image.state) == (KEY, "spring,cloudy,day", "serving")
    assert left_in(endpoint, queue) == 0


def test_it_withdraws_an_image_whose_file_was_removed(endpoint: str, bucket: str, queue: str) -> None:
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    listen(queue)
    default_storage.delete(KEY)
    tell(endpoint, queue, notification(bucket, KEY, "ObjectRemoved:Delete"))
    listen(queue)
    assert Image.objects.get().state == "trash"


def remove_and_put_back(endpoint: str, bucket: str, queue: str, *, told_of: str) -> None:
    """A picture whose file was removed and put back, with the queue read in between or not."""
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    listen(queue)
    default_storage.delete(KEY)
    tell(endpoint, queue, notification(bucket, KEY, "ObjectRemoved:Delete"))
    if told_of != "both at once":
        listen(queue)
    put()
    if told_of != "the removal alone":
        tell(endpoint, queue, notification(bucket, KEY))
    listen(queue)


@pytest.mark.parametrize("told_of", ["both at once", "one after the other", "the removal alone"])
def test_a_picture_that_was_removed_and_put_back_is_served_whatever_the_timing(
    endpoint: str, bucket: str, queue: str, told_of: str
) -> None:
    remove_and_put_back(endpoint, bucket, queue, told_of=told_of)
    if told_of == "the removal alone":
        sync_storage()
    image = Image.objects.get()
    assert (image.state, image.trash_reason) == ("serving", "")
    assert list(find_differences()) == []


def test_storage_and_database_agree_after_a_removal(endpoint: str, bucket: str, queue: str) -> None:
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    listen(queue)
    default_storage.delete(KEY)
    tell(endpoint, queue, notification(bucket, KEY, "ObjectRemoved:Delete"))
    listen(queue)
    assert Image.objects.file_missing().get().key == KEY
    assert list(find_differences()) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("last", ["there", "gone"])
def test_the_end_is_the_same_in_any_order_and_twice(
    endpoint: str, bucket: str, queue: str, order: tuple[int, ...], last: str
) -> None:
    put(width=32)
    put(width=64)
    if last == "gone":
        default_storage.delete(KEY)
    bodies = [
        notification(bucket, KEY),
        notification(bucket, KEY, "ObjectRemoved:Delete"),
        notification(bucket, KEY, "ObjectCreated:Copy"),
    ]
    tell(endpoint, queue, *(bodies[number] for number in order), *bodies)
    listen(queue)
    serving = [(image.key, image.width) for image in Image.objects.serving()]
    assert serving == ([(KEY, 64)] if last == "there" else [])


def test_it_sets_poison_aside_and_goes_on(endpoint: str, bucket: str, queue: str) -> None:
    put()
    default_storage.save("emotions/calm/broken.jpeg", ContentFile(b"no picture"))
    tell(endpoint, queue, "junk", notification(bucket, "emotions/calm/broken.jpeg"), notification(bucket, KEY))
    listen(queue)
    assert Image.objects.get().key == KEY
    assert SetAsideMessage.objects.count() == 2
    assert left_in(endpoint, queue) == 0


def test_it_tries_again_what_was_set_aside(endpoint: str, bucket: str, queue: str) -> None:
    key = "emotions/calm/broken.jpeg"
    default_storage.save(key, ContentFile(b"no picture"))
    tell(endpoint, queue, notification(bucket, key), "junk")
    listen(queue)
    put(key)
    listen(queue, "--retry")
    assert Image.objects.get().key == key
    assert [message.body for message in SetAsideMessage.objects.all()] == ["junk"]


def test_a_message_stays_while_the_storage_is_away(
    endpoint: str, bucket: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    monkeypatch.setattr("garden.storage.events.applying._stat", _away)
    call_command("consume_s3_events", "--queue-url", queue, "--seconds", "0.01", "--wait", "0", stdout=StringIO())
    assert not Image.objects.exists()
    monkeypatch.undo()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    listen(queue)
    assert Image.objects.get().key == KEY


def _away(key: str) -> None:
    raise ConnectionError(f"no answer about {key}")


def test_a_message_that_always_fails_is_set_aside_after_a_while(
    endpoint: str, bucket: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(endpoint, queue, notification(bucket, KEY))
    monkeypatch.setattr("garden.storage.events.applying._stat", _away)
    listen(queue)
    assert "no answer" in SetAsideMessage.objects.get().error


def test_until_empty_waits_for_messages_that_come_again(endpoint: str, bucket: str) -> None:
    """Another consumer received one and died before it deleted it."""
    queue = new_queue(endpoint, visibility=3)
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    assert sqs_client(endpoint).receive_message(QueueUrl=queue)["Messages"]
    listen(queue)
    assert Image.objects.get().key == KEY


@pytest.mark.parametrize("event", ["ObjectCreated:Put", "ObjectRemoved:Delete"])
def test_it_passes_over_the_markers_of_folders(endpoint: str, bucket: str, queue: str, event: str) -> None:
    folder = "emotions/calm/"
    if event.startswith("ObjectCreated"):
        client(endpoint).put_object(Bucket=bucket, Key=folder, Body=b"")
    tell(endpoint, queue, notification(bucket, folder, event))
    assert "1 done, 0 set aside" in listen(queue)


def test_it_takes_both_of_two_keys_that_differ_in_case_alone(endpoint: str, bucket: str, queue: str) -> None:
    keys = {"emotions/calm/A.jpeg", "emotions/calm/a.jpeg"}
    for key in keys:
        put(key)
    tell(endpoint, queue, *(notification(bucket, key) for key in keys))
    listen(queue)
    assert {image.key for image in Image.objects.all()} == keys


def test_it_says_what_is_missing(settings: Any) -> None:
    settings.S3_EVENTS_QUEUE_URL = ""
    with pytest.raises(CommandError, match="S3_EVENTS_QUEUE_URL"):
        call_command("consume_s3_events")


def test_without_a_queue_the_clock_looks(site_storage: Any) -> None:
    put()
    assert sync_storage() == {"new file": 1}
    assert Image.objects.get().key == KEY
