"""A kiosk that reads faces itself: what it may say, what is refused, and what is noted of it."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.api.kiosks import KioskThrottle
from garden.models import DailyCount, Kiosk, KioskKey, ProcessingEntry, Visitor
from garden.ops.metrics import READINGS
from garden.privacy.consent import Policy
from garden.privacy.processing_log import chain_entries, verify_record
from garden.vocabulary import Emotion, Reader
from tests.garden.privacy.agreeing import agree
from tests.support import pictures
from tests.support.factories import KioskFactory
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
SCORES = {emotion.value: 0.02 for emotion in Emotion} | {"calm": 0.86}
READING: dict[str, Any] = {
    "reader": "human 3.3.6",
    "ageRange": {"Low": 30, "High": 41},
    "gender": "Female",
    "emotions": "CALM",
    "emotionScores": SCORES,
    "faces": 1,
    "confidence": 0.98,
    "smile": False,
    "mouthOpen": False,
    "eyesOpen": True,
}


@pytest.fixture
def kiosk() -> Kiosk:
    kiosk: Kiosk = KioskFactory.create(name="Foyer", reader=Reader.IN_BROWSER)
    return kiosk


@pytest.fixture
def api(kiosk: Kiosk, settings: Any) -> APIClient:
    """Asks with the key of that kiosk."""
    settings.KIOSK_ACCESS = "keys"
    return with_key_of(kiosk)


def with_key_of(kiosk: Kiosk) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_X_API_KEY=KioskKey.objects.create_key(name="here", kiosk=kiosk)[1])
    return client


def interact(api: APIClient, said: Any = READING, **headers: str) -> Any:
    return api.post("/reading", said, format="json", headers=headers)


def test_it_is_answered_as_a_photo_is_and_marked_as_read_in_the_browser(api: APIClient) -> None:
    answer = interact(api, **{"X-user-id": "ann"})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["source"], said["reader"]) == ("in_browser", "human 3.3.6")
    same = ("ageRange", "gender", "emotions", "emotionScores", "faces", "confidence", "smile", "mouthOpen", "eyesOpen")
    assert {name: said[name] for name in same} == {name: READING[name] for name in same}
    assert (said["id"], said["generation"]) == ("ann", "adult")
    assert [said[name] for name in ("eyeglasses", "sunglasses", "beard", "mustache")] == [None] * 4
    assert Visitor.objects.values_list("id", "emotion", "generation", "gender").get() == (
        *("ann", "calm", "adult", "Female"),
    )


def test_the_record_says_that_the_photo_was_never_received(api: APIClient) -> None:
    interact(api, **{"X-user-id": "ann"})
    entry = ProcessingEntry.objects.get()
    assert (entry.step, entry.outcome, entry.reader, entry.kiosk) == ("on_device", "read", "human 3.3.6", "Foyer")
    verdict = verify_record()
    assert (verdict.on_device, verdict.photos, verdict.problems) == (1, 0, [])
    chain_entries()
    ProcessingEntry.objects.update(reader="human 9.9.9")
    assert verify_record().problems


def test_it_is_counted_apart_from_what_the_server_reads(api: APIClient) -> None:
    ours, theirs = (READINGS.labels("calm", reader.value) for reader in Reader)
    before = ours._value.get(), theirs._value.get()
    interact(api)
    assert (ours._value.get(), theirs._value.get()) == (before[0], before[1] + 1)
    api.post("/guess", {"guessed": "calm", "said": "sad"}, format="json")
    assert DailyCount.objects.get().name.startswith("guess in_browser ")
    assert DailyCount.objects.guesses(weeks=1) == (0, 0)
    assert DailyCount.objects.guesses(weeks=1, reader=Reader.IN_BROWSER) == (1, 1)


def test_only_a_kiosk_that_is_set_to_read_may_say_what_it_read(api: APIClient, settings: Any) -> None:
    answer = interact(with_key_of(KioskFactory.create()))
    assert (answer.status_code, answer.json()["code"]) == (403, "reading_unwanted")
    assert interact(APIClient()).status_code in (401, 403)
    settings.KIOSK_ACCESS = "open"
    assert interact(APIClient()).json()["code"] == "reading_unwanted"
    assert not Visitor.objects.exists()
    assert not ProcessingEntry.objects.exists()


def test_a_photo_of_a_kiosk_that_reads_itself_is_not_taken(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from garden.api import views

    monkeypatch.setattr(views, "_photo_in", lambda request: pytest.fail("its bytes were read"))
    answer = show_photo(api, pictures.portrait())
    assert (answer.status_code, answer.json()["code"]) == (403, "photo_unwanted")
    assert not ProcessingEntry.objects.exists()


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in READING.items() if key != name}


def scored(**scores: Any) -> dict[str, Any]:
    return {**READING, "emotionScores": {**SCORES, **scores}}


HOSTILE: dict[str, tuple[Any, str]] = {
    "a mood that nobody knows": (scored(hungry=0.0), "emotionScores"),
    "a mood too few": ({**READING, "emotionScores": {"calm": 1}}, "emotionScores"),
    "a share above one": (scored(calm=1.5), "emotionScores"),
    "shares that sum to less": (scored(calm=0.5), "emotionScores"),
    "a share that is yes": (scored(calm=True), "emotionScores"),
    "another strongest": ({**READING, "emotions": "HAPPY"}, "emotions"),
    "an age upside down": ({**READING, "ageRange": {"Low": 40, "High": 20}}, "ageRange"),
    "an age of Methuselah": ({**READING, "ageRange": {"Low": 900, "High": 969}}, "ageRange"),
    "an age beyond all numbers": ({**READING, "ageRange": {"Low": 1, "High": 10**400}}, "ageRange"),
    "another gender": ({**READING, "gender": "female"}, "gender"),
    "nobody": ({**READING, "faces": 0}, "faces"),
    "more than sure": ({**READING, "confidence": 7}, "confidence"),
    "a smile in words": ({**READING, "smile": "maybe"}, "smile"),
    "no reader": (without("reader"), "reader"),
    "a reader in many words": ({**READING, "reader": "human 3.3.6; rm -rf /"}, "reader"),
    "a photo beside it": ({**READING, "image": "/9j/4AAQSkZJRg=="}, "image"),
    "a face beside it": ({**READING, "embedding": [0.1] * 20}, "embedding"),
}


def test_it_refuses_what_is_no_reading_and_names_the_field(api: APIClient) -> None:
    for name, (said, field) in HOSTILE.items():
        answer = interact(api, said)
        assert answer.status_code == 400, name
        assert set(answer.json()["fields"]) == {field}, name
    assert not Visitor.objects.exists()
    assert not ProcessingEntry.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"faces": NaN}', b"\xff\xd8\xff\xe0JFIF"])
def test_it_refuses_what_is_not_json_of_a_reading(api: APIClient, body: bytes) -> None:
    assert api.generic("POST", "/reading", body, "application/json").status_code == 400  # type: ignore[arg-type]


@pytest.mark.parametrize("content_type", ["application/json", "image/jpeg", "multipart/form-data; boundary=x"])
def test_it_takes_no_photo_whatever_its_content_type_and_has_room_for_a_reading(
    api: APIClient, content_type: str
) -> None:
    answer = api.generic("POST", "/reading", pictures.portrait(), content_type)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (413, "reading_too_large")
    longest = {**READING, "reader": f"{'h' * 16} 1000.1000.1000"}
    everything = dict.fromkeys(("eyeglasses", "sunglasses", "beard", "mustache"), False) | longest
    assert interact(api, everything).status_code == 200


def test_it_is_throttled_as_photos_are(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KioskThrottle.THROTTLE_RATES, "emotion", "2/min")
    assert [interact(api).status_code for _ in range(3)] == [200, 200, 429]


def test_it_needs_the_consent_that_a_photo_needs(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    assert interact(api).json()["code"] == "consent_required"
    number = agree(api)
    assert interact(api, **{"X-Consent": number}).status_code == 200
    assert str(ProcessingEntry.objects.get().consent) == number


def test_who_is_too_young_is_not_remembered(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK = "korea"
    young = {**READING, "ageRange": {"Low": 8, "High": 12}}
    assert interact(api, young, **{"X-Consent": agree(api)}).json()["code"] == "too_young"
    assert not Visitor.objects.exists()
    assert ProcessingEntry.objects.get().outcome == "too_young"


def test_no_kiosk_reads_faces_where_none_may_be_read(api: APIClient, settings: Any) -> None:
    settings.SITE_CONTEXT = "workplace"
    assert interact(api).json()["code"] == "face_reading_off"


def test_the_notice_says_that_the_photo_stays_on_the_device(api: APIClient, settings: Any) -> None:
    here = api.get("/consent").json()
    server = with_key_of(KioskFactory.create()).get("/consent").json()
    assert any("No photo leaves this device" in words for words in here["words"])
    assert not any("No photo leaves this device" in words for words in server["words"])
    assert here["notice"] != server["notice"]
    assert here["statements"] == server["statements"]


def test_photos_that_must_stay_in_the_house_stay_where_the_kiosk_reads(kiosk: Kiosk, settings: Any) -> None:
    settings.PRIVACY_PACK = "strict"
    settings.FACE_ANALYZER = {"BACKEND": "garden.faces.rekognition.RekognitionAnalyzer", "OPTIONS": {}}
    assert Policy.at(kiosk).reads_faces
