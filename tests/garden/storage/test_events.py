"""A bucket tells of its objects in any order, twice and late; the end is always what the bucket holds."""

import itertools
import json
import threading
from collections.abc import Collection
from concurrent.futures import Executor
from contextlib import suppress
from io import StringIO
from typing import Any

import PIL.Image
import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from garden.models import Image
from garden.storage.backends import PictureStorage
from garden.storage.bucket_events import MOST_FAILURES, Consumer, UnreadableMessageError, keys_in
from garden.storage.comparison import find_differences
from garden.storage.sync import Repairer, apply_keys
from garden.tasks import sync_storage
from tests.garden.storage.conftest import storage_entry
from tests.services.cable import Cable
from tests.support.pictures import encode
from tools.services.s3 import client
from tools.services.sqs import by_event_bridge, by_sns, new_queue, notification, sqs_client

pytestmark = pytest.mark.django_db
EVENTS = ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload", "ObjectRemoved:Delete"]
JUNK = ["", "[]", "{}", '{"Records": [{}]}', '{"Type": "Notification", "Message": "x"}', "null"]
KEY = "emotions/happy/spring,cloudy,day/img 1+1 봄_0h.jpeg"


@pytest.fixture
def bucket(settings: Any, tmp_path: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("bucket", tmp_path, endpoint)}
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
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
    assert "1 applied" in listen(queue)
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


def given_up(log: pytest.LogCaptureFixture) -> list[str]:
    """What was logged of messages that were given up since the last call."""
    found = [record.getMessage() for record in log.records if "is deleted" in record.msg]
    log.clear()
    return found


def test_it_gives_poison_up_and_goes_on(
    endpoint: str, bucket: str, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    put()
    default_storage.save("emotions/calm/broken.jpeg", ContentFile(b"no picture"))
    tell(endpoint, queue, "junk", notification(bucket, "emotions/calm/broken.jpeg"), notification(bucket, KEY))
    listen(queue)
    assert Image.objects.get().key == KEY
    assert len(given_up(caplog)) == 2
    assert left_in(endpoint, queue) == 0


def test_what_it_gave_up_is_found_by_the_next_sync(endpoint: str, bucket: str, queue: str) -> None:
    key = "emotions/calm/broken.jpeg"
    default_storage.save(key, ContentFile(b"no picture"))
    tell(endpoint, queue, notification(bucket, key))
    listen(queue)
    put(key)
    sync_storage()
    assert Image.objects.get().key == key


def test_it_ends_where_received_messages_are_visible_at_once(endpoint: str, bucket: str, queue: str) -> None:
    put()
    tell(endpoint, queue, *[notification(bucket, KEY)] * 15)  # More than one receive gives, less than one batch.
    listen(queue)
    assert left_in(endpoint, queue) == 0


def test_it_follows_a_folder_of_a_bucket(endpoint: str, bucket: str, queue: str, settings: Any) -> None:
    entry = settings.STORAGES["default"]
    location = {**entry["OPTIONS"], "location": "site"}
    settings.STORAGES = {**settings.STORAGES, "default": {**entry, "OPTIONS": location}}
    put()
    tell(endpoint, queue, notification(bucket, f"site/{KEY}"), notification(bucket, KEY.replace("happy", "sad")))
    assert "2 applied, 0 discarded" in listen(queue)
    assert Image.objects.get().key == KEY


def test_an_outage_of_the_storage_counts_against_no_message(
    endpoint: str,
    bucket: str,
    queue: str,
    settings: Any,
    tmp_path: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PictureStorage, "patience", 0.1)
    put()
    tell(endpoint, queue, *[notification(bucket, KEY)] * 6)
    line = Cable("127.0.0.1", int(endpoint.rpartition(":")[2]))
    entry = storage_entry("bucket", tmp_path, f"http://127.0.0.1:{line.port}")
    entry["OPTIONS"]["bucket_name"] = bucket
    settings.STORAGES = {**settings.STORAGES, "default": entry}
    line.cut()
    for _ in range(MOST_FAILURES + 1):
        with pytest.raises(EndpointConnectionError):
            listen(queue, "--patience", "0.1")
    assert not given_up(caplog)
    mending = threading.Timer(1.0, line.mend)
    mending.start()
    listen(queue)
    line.cut()
    assert Image.objects.get().key == KEY
    assert (given_up(caplog), left_in(endpoint, queue)) == ([], 0)


def test_a_message_that_always_fails_is_given_up_after_a_while(
    endpoint: str, bucket: str, queue: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = "emotions/calm/other_h.jpeg"
    put()
    put(other)
    tell(endpoint, queue, notification(bucket, KEY), notification(bucket, other))
    monkeypatch.setattr("garden.storage.bucket_events.apply_keys", _forbidden)
    listen(queue)
    (reason,) = given_up(caplog)
    assert "forbidden" in reason
    assert Image.objects.get().key == other
    assert left_in(endpoint, queue) == 0


def _forbidden(keys: Collection[str], pool: Executor) -> Repairer:
    if KEY in keys:
        raise PermissionError("forbidden")
    return apply_keys(keys, pool)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
OBJECTS = {"bucket": JSON | st.just({"name": "pictures"}), "object": JSON | st.fixed_dictionaries({"key": JSON})}
RECORDS = st.fixed_dictionaries(
    {"eventName": JSON | st.just("ObjectCreated:Put"), "s3": JSON | st.fixed_dictionaries(OBJECTS)}
)
BRIDGED = st.fixed_dictionaries(
    {"detail-type": JSON | st.just("Object Created"), "detail": JSON | st.fixed_dictionaries(OBJECTS)}
)


@given(JSON | BRIDGED | st.fixed_dictionaries({"Records": JSON | st.lists(RECORDS)}))
def test_a_message_of_any_shape_names_keys_or_is_unreadable(message: Any) -> None:
    for body in (json.dumps(message), by_sns(json.dumps(message))):
        with suppress(UnreadableMessageError):
            assert all(isinstance(key, str) and key.isprintable() for key in keys_in(body, "pictures"))


@pytest.mark.parametrize("key", [7, None, ["a"], {}, "emotions/calm/\0.jpeg", "emotions/calm/\ud800.jpeg"])
def test_poison_stops_no_other_message(
    endpoint: str, bucket: str, queue: str, key: Any, caplog: pytest.LogCaptureFixture
) -> None:
    detail = {"bucket": {"name": bucket}, "object": {"key": key}}
    poison = json.dumps({"detail-type": "Object Created", "detail": detail})
    broken = "emotions/calm/broken_h.jpeg"
    default_storage.save(broken, ContentFile(b"no picture"))
    put()
    tell(endpoint, queue, "[" * 100_000, poison, notification(bucket, broken), notification(bucket, KEY))
    listen(queue)
    assert len(given_up(caplog)) == 3
    assert Image.objects.get().key == KEY


def test_until_empty_waits_for_messages_that_come_again(endpoint: str, bucket: str) -> None:
    """Another consumer received one and died before it deleted it."""
    queue = new_queue(endpoint, visibility=3)
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    assert sqs_client(endpoint).receive_message(QueueUrl=queue)["Messages"]
    listen(queue)
    assert Image.objects.get().key == KEY


def test_until_empty_asks_again_when_one_count_misses_a_message(
    endpoint: str, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts are approximate: a message that becomes visible meanwhile may be in none of them."""
    queue, count, counts = new_queue(endpoint, visibility=3), Consumer.has_messages, []

    def miss_the_first(consumer: Consumer) -> bool:
        counts.append(count(consumer))
        return counts[-1] and len(counts) > 1

    monkeypatch.setattr(Consumer, "has_messages", miss_the_first)
    put()
    tell(endpoint, queue, notification(bucket, KEY))
    assert sqs_client(endpoint).receive_message(QueueUrl=queue)["Messages"]
    listen(queue)
    assert counts[0]
    assert Image.objects.get().key == KEY


def test_it_counts_messages_only_where_it_ends_at_an_empty_queue(
    bucket: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer that runs for days sends no request but those that receive."""
    monkeypatch.setattr(Consumer, "has_messages", lambda consumer: pytest.fail("counted"))
    call_command("consume_s3_events", "--queue-url", queue, "--seconds", "1", "--wait", "0", stdout=StringIO())


@pytest.mark.parametrize("event", ["ObjectCreated:Put", "ObjectRemoved:Delete"])
def test_it_passes_over_the_markers_of_folders(endpoint: str, bucket: str, queue: str, event: str) -> None:
    folder = "emotions/calm/"
    if event.startswith("ObjectCreated"):
        client(endpoint).put_object(Bucket=bucket, Key=folder, Body=b"")
    tell(endpoint, queue, notification(bucket, folder, event))
    assert "1 applied, 0 discarded" in listen(queue)


def test_it_takes_both_of_two_keys_that_differ_in_case_alone(endpoint: str, bucket: str, queue: str) -> None:
    keys = {"emotions/calm/A.jpeg", "emotions/calm/a.jpeg"}
    for key in keys:
        put(key)
    tell(endpoint, queue, *(notification(bucket, key) for key in keys))
    listen(queue)
    assert {image.key for image in Image.objects.all()} == keys


def test_it_says_what_is_missing(settings: Any) -> None:
    with pytest.raises(CommandError, match="--queue-url"):
        call_command("consume_s3_events")


def test_without_a_queue_the_clock_looks(site_storage: Any) -> None:
    put()
    assert sync_storage() == {"new file": 1}
    assert Image.objects.get().key == KEY
