"""The record of processing: what is written, when, and that nobody changes it unnoticed."""

import io
import json
import threading
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from garden.faces import service
from garden.faces.base import NoFaceError
from garden.faces.local import LocalAnalyzer
from garden.faces.pool import ReadingPool
from garden.models import ProcessingEntry, ProcessingHead, Visitor
from garden.privacy import processing_log
from garden.privacy.processing_log import verify_record
from garden.tasks import chain_processing_record
from tests.support import pictures
from tests.support.factories import KioskFactory
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
Entries = ProcessingEntry.objects


def steps() -> list[tuple[str, str]]:
    return list(Entries.order_by("sequence").values_list("step", "outcome"))


def verify(*arguments: str) -> Any:
    out = io.StringIO()
    call_command("verify_processing_record", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("photo", "outcome"),
    [(pictures.portrait, "read"), (pictures.coffee, "no_face"), (lambda: b"junk", "unreadable_photo")],
)
def test_each_photo_is_received_analysed_and_dropped(api: APIClient, photo: Callable[[], bytes], outcome: str) -> None:
    show_photo(api, photo(), **{"X-user-id": "ann"})
    assert steps() == [("received", ""), ("analysed", outcome), ("dropped", "")]
    assert len(set(Entries.values_list("photo", flat=True))) == 1
    assert verify()["problems"] == []


def test_it_says_nothing_of_the_visitor_or_the_photo(api: APIClient) -> None:
    show_photo(api, pictures.portrait(), **{"X-user-id": "ann-7f3a91"})
    words = str(list(Entries.values()))
    assert "ann-7f3a91" not in words
    assert "happy" not in words
    fields = {field.name for field in ProcessingEntry._meta.get_fields()}
    assert fields == {
        *("sequence", "place", "at", "step", "photo", "outcome", "kiosk"),
        *("pack", "notice", "consent", "reader", "previous", "hash"),
    }
    assert Visitor.objects.get().pk not in words


def test_a_photo_is_received_before_it_is_looked_at(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[tuple[str, str]]] = []

    def look(pool: ReadingPool, read: Any, photo: bytes) -> None:
        seen.append(steps())
        raise NoFaceError

    monkeypatch.setattr(ReadingPool, "read", look)
    show_photo(api, pictures.portrait())
    assert seen == [[("received", "")]]


@pytest.mark.parametrize("as_form", [False, True])
@pytest.mark.parametrize("photo", [pictures.portrait, pictures.coffee, lambda: pictures.portrait()[:20_000]])
def test_dropped_is_written_when_no_byte_of_the_photo_is_held_any_more(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, photo: Callable[[], bytes], as_form: bool
) -> None:
    """Python tells of every block of memory that was taken since the request began and is held: none has its size."""
    content = photo()
    show_photo(api, content)
    held: list[list[int]] = []
    write = processing_log.append

    def look_and_write(entries: Any) -> None:
        held.append([trace.size for trace in tracemalloc.take_snapshot().traces if trace.size >= len(content)])
        write(entries)

    monkeypatch.setattr(processing_log, "append", look_and_write)
    body, content_type = _form(content) if as_form else (content, "image/jpeg")
    asked = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": Wire(body)}
    tracemalloc.start()
    try:
        api.generic("POST", "/emotion", "", content_type, **asked)  # type: ignore[arg-type]
    finally:
        tracemalloc.stop()
    received, dropped = held
    assert len(received) > len(dropped) == 0


class Wire(io.BytesIO):
    """As from a socket: what is read is the reader's own copy."""

    def read(self, size: int | None = -1) -> bytes:
        return bytes(bytearray(super().read(size)))


def _form(content: bytes) -> tuple[bytes, str]:
    head = (
        b'--x\r\nContent-Disposition: form-data; name="image"; filename="me.jpeg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return head + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def photos(count: int) -> None:
    for _ in range(count):
        receipt = processing_log.Receipt(uuid.uuid4(), "Kiosk", "eu", "abc", None)
        processing_log.append([receipt.entry("received", timezone.now())])
        processing_log.note_dropped(receipt, analysed_at=timezone.now(), outcome="read")
    processing_log.chain_entries()


def test_it_counts_every_entry_once_when_the_clock_chains_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    photos(2)
    receipt = processing_log.Receipt(uuid.uuid4(), "Kiosk", "eu", "abc", None)
    processing_log.append([receipt.entry("received", timezone.now())])
    read = processing_log._entries

    def read_while_chaining(newest: int) -> Any:
        processing_log.chain_entries()
        return read(newest)

    monkeypatch.setattr(processing_log, "_entries", read_while_chaining)
    verdict = verify_record()
    assert (verdict.entries, verdict.photos, verdict.unchained, verdict.problems) == (7, 3, 1, [])


def change(**message: Any) -> Callable[[], Any]:
    return lambda: Entries.filter(place=5).update(**message)


def rewrite() -> None:
    """Somebody who knows how the hash is made changes an entry, and its hash too."""
    entry = Entries.get(place=5)
    entry.outcome = "no_face"
    entry.hash = entry.compute_hash()
    entry.save()


def slip_in() -> None:
    last = Entries.latest("place")
    entry = ProcessingEntry(place=10, step="received", photo=uuid.uuid4(), previous=last.hash)
    entry.hash = entry.compute_hash()
    entry.save()


TAMPERED: dict[str, Callable[[], Any]] = {
    "another outcome": change(outcome="no_face"),
    "another kiosk": change(kiosk="Other"),
    "another time": change(at=timezone.now()),
    "another consent": change(consent=uuid.uuid4()),
    "another photo": change(photo=uuid.uuid4()),
    "one is gone": lambda: Entries.filter(place=5).delete(),
    "the last is gone": lambda: Entries.filter(place=9).delete(),
    "the first is gone": lambda: Entries.filter(place=1).delete(),
    "all are gone": lambda: Entries.all().delete(),
    "one with a fitting hash": rewrite,
    "one is taken out of the chain": change(place=None),
    "one is written anew as if it were not chained yet": change(place=None, hash="", previous=""),
    "the end points elsewhere": lambda: ProcessingHead.objects.update(hash="0" * 64),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_it_is_noticed_when_anybody_tampers_with_it(tamper: Callable[[], Any]) -> None:
    photos(3)
    assert verify()["problems"] == []
    tamper()
    with pytest.raises(CommandError, match="not intact"):
        verify()


@pytest.mark.parametrize("known", [False, True])
def test_a_chain_made_with_another_key_is_noticed(settings: Any, known: bool) -> None:
    settings.SECRET_KEY = "a key of somebody else"
    photos(1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the site's key", [settings.SECRET_KEY] if known else []
    if known:
        assert verify()["problems"] == []
    else:
        with pytest.raises(CommandError, match="another key"):
            verify()


def test_what_is_not_chained_yet_is_distinguished_from_what_was_tampered_with(
    api: APIClient,
) -> None:
    photos(1)
    show_photo(api, pictures.portrait())
    reported = verify()
    assert (reported["entries"], reported["photos"], reported["dropped"]) == (6, 2, 2)
    assert (reported["unchained"], reported["problems"]) == (3, [])
    assert chain_processing_record() == 3
    reported = verify()
    assert (reported["entries"], reported["unchained"], reported["problems"]) == (6, 0, [])
    assert reported["head"].startswith("6:")


def test_an_entry_that_is_not_chained_for_hours_is_a_problem(time_passes: Any) -> None:
    receipt = processing_log.Receipt(uuid.uuid4(), "", "open", "abc", None)
    processing_log.append([receipt.entry("received", timezone.now())])
    time_passes(hours=2)
    with pytest.raises(CommandError, match="is the clock running"):
        verify()


def test_a_photo_does_not_touch_the_end_of_the_chain(api: APIClient) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert show_photo(api, pictures.portrait()).status_code == 200
    assert [query["sql"] for query in captured if ProcessingHead._meta.db_table in query["sql"]] == []
    assert sum(ProcessingEntry._meta.db_table in query["sql"] for query in captured) == 2


@pytest.mark.parametrize("error", [InterfaceError, OperationalError, RuntimeError])
def test_a_reading_that_fails_in_an_unforeseen_way_is_not_left_open(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(pool: ReadingPool, read: Any, photo: bytes) -> None:
        raise error("connection already closed")

    monkeypatch.setattr(ReadingPool, "read", fail)
    answer = show_photo(api, pictures.portrait())
    assert (answer.status_code, answer.json()["code"]) == (503, "analyzer_unavailable")
    assert steps() == [("received", ""), ("analysed", "analyzer_unavailable"), ("dropped", "")]


def test_what_was_slipped_in_after_the_end_breaks_the_chain_as_soon_as_the_garden_writes() -> None:
    photos(3)
    slip_in()
    with pytest.raises(Exception, match=r"(?i)unique"):
        photos(1)


def test_a_record_written_anew_is_noticed_by_an_end_kept_elsewhere() -> None:
    photos(3)
    anchor = verify()["head"]
    Entries.all().delete()
    ProcessingHead.objects.all().delete()
    photos(4)
    assert verify()["problems"] == []
    with pytest.raises(CommandError, match="noted elsewhere"):
        verify("--anchor", anchor)


def test_a_photo_cannot_be_dropped_without_having_come() -> None:
    receipt = processing_log.Receipt(uuid.uuid4(), "", "open", "abc", None)
    processing_log.note_dropped(receipt, analysed_at=timezone.now(), outcome="read")
    assert "cannot be analysed" in verify_record().problems[0]


def test_a_photo_that_was_never_dropped_is_distinguished_from_one_under_way() -> None:
    for minutes in (20, 0):
        receipt = processing_log.Receipt(uuid.uuid4(), "", "open", "abc", None)
        processing_log.append([receipt.entry("received", timezone.now() - timedelta(minutes=minutes))])
    verdict = verify_record()
    assert (verdict.never_dropped, verdict.under_way, verdict.problems) == (1, 1, [])


def test_old_entries_are_removed_and_the_rest_is_still_whole(time_passes: Any) -> None:
    photos(2)
    anchor = verify()["head"]
    time_passes(days=20)
    photos(2)
    assert processing_log.removable(days=10) == 6
    assert processing_log.remove_old(days=10) == 6
    assert processing_log.remove_old(days=10) == 0
    assert [verify()[name] for name in ("entries", "problems")] == [6, []]
    assert verify("--anchor", anchor)["problems"] == []
    Entries.filter(place=7).delete()
    with pytest.raises(CommandError, match="missing"):
        verify()


def test_the_kiosk_is_named(api: APIClient, settings: Any) -> None:
    from garden.models import KioskKey

    settings.KIOSK_ACCESS = "keys"
    _, key = KioskKey.objects.create_key(name="here", kiosk=KioskFactory(name="Foyer"))
    api.credentials(HTTP_X_API_KEY=key)
    show_photo(api, pictures.portrait())
    assert set(Entries.values_list("kiosk", flat=True)) == {"Foyer"}


def test_no_photo_is_read_where_it_cannot_be_recorded(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**message: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(service, "note_received", fail)
    monkeypatch.setattr(ReadingPool, "read", lambda pool, read, photo: pytest.fail("it was read"))
    assert show_photo(api, pictures.portrait()).status_code == 500


def test_a_photo_that_a_hanging_analyzer_holds_is_not_said_to_be_gone(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()
    monkeypatch.setattr(LocalAnalyzer, "read", lambda self, photo: may_end.wait(20))
    monkeypatch.setattr(service.reading_pool, "deadline", 0.05)
    assert show_photo(api, pictures.portrait()).status_code == 503
    may_end.set()
    assert steps() == [("received", ""), ("analysed", "analyzer_hangs")]


def test_it_prints_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    photos(2)
    call_command("verify_processing_record")
    reported = capsys.readouterr().out
    assert "6 entries of 2 photos; 2 dropped" in reported
    assert "0 never dropped" in reported
    assert "head: 6:" in reported
