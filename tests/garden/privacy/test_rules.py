"""What `/emotion` demands under each pack, and what it never does."""

from typing import Any

import pytest
from django.core import checks
from rest_framework.test import APIClient

from garden.models import Consent, ProcessingEntry, Visitor
from garden.privacy.packs import PACKS, Younger
from tests.garden.privacy.agreeing import agree, agreed_photo, looks_like
from tests.recommend.cast import post
from tests.support import pictures
from tests.support.factories import KioskFactory
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
ASKING = [name for name, pack in PACKS.items() if pack.asks_consent]


def test_it_needs_no_consent_unless_a_pack_asks_for_one(api: APIClient) -> None:
    assert show_photo(api, pictures.portrait()).status_code == 200
    assert not Consent.objects.exists()


@pytest.mark.parametrize("pack", ASKING)
def test_it_refuses_a_photo_without_consent_before_looking_at_it(api: APIClient, settings: Any, pack: str) -> None:
    settings.PRIVACY_PACK = pack
    answer = show_photo(api, pictures.portrait())
    assert answer.status_code == 403
    assert answer.json()["code"] == "consent_required"
    assert answer.json()["statements"] == list(PACKS[pack].statements)
    assert not Visitor.objects.exists()
    assert not ProcessingEntry.objects.exists()


@pytest.mark.parametrize("pack", ASKING)
def test_it_reads_a_photo_that_comes_with_a_consent(
    api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch, pack: str
) -> None:
    settings.PRIVACY_PACK = pack
    looks_like(monkeypatch, low=30, high=40)
    assert agreed_photo(api, agree(api)).status_code == 200
    consent = Consent.objects.get()
    assert (consent.pack, consent.by) == (pack, "visitor")
    assert ProcessingEntry.objects.filter(consent=consent.pk).count() == 3


def test_a_consent_says_nothing_of_the_visitor(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    number = agree(api, language="ko")
    agreed_photo(api, number, **{"X-user-id": "ann"})
    held = Consent.objects.values().get()
    assert "ann" not in str(held)
    assert set(held) == {"id", "given_at", "kiosk_id", "pack", "notice", "language", "statements", "by", "signed"}


@pytest.mark.parametrize("spoiled", ["", "junk", "00000000-0000-4000-8000-000000000000"])
def test_it_refuses_a_number_that_is_no_consent(api: APIClient, settings: Any, spoiled: str) -> None:
    settings.PRIVACY_PACK = "eu"
    assert agreed_photo(api, spoiled).json()["code"] == "consent_required"


def test_a_consent_is_for_one_visit(api: APIClient, settings: Any, time_passes: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    number = agree(api)
    time_passes(minutes=14)
    assert agreed_photo(api, number).status_code == 200
    time_passes(minutes=2)
    assert agreed_photo(api, number).json()["code"] == "consent_required"


def test_a_consent_to_other_words_is_none(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK, settings.PRIVACY_CONTACT = "eu", "a@example.org"
    number = agree(api)
    settings.PRIVACY_CONTACT = "b@example.org"
    assert agreed_photo(api, number).json()["code"] == "consent_required"


@pytest.mark.parametrize("pack", ["eu", "korea", "strict"])
@pytest.mark.parametrize(
    ("contact", "reported"),
    [("", "data protection authority. Ask the staff."), ("a@example.org", "Ask the staff, or a@example.org.")],
)
def test_who_has_no_address_for_visitors_leads_them_to_the_staff(
    api: APIClient, settings: Any, pack: str, contact: str, reported: str
) -> None:
    settings.PRIVACY_PACK, settings.PRIVACY_CONTACT = pack, contact
    assert api.get("/consent").json()["words"][-1].endswith(reported)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"statements": []}, {"missing": ["agree_face_reading"]}),
        ({"notice": "an older one"}, {"notice"}),
        ({"ofAge": False}, {"age": 16}),
    ],
)
def test_half_a_consent_is_none(api: APIClient, settings: Any, wrong: dict[str, Any], message: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    answer = agree(api, whole=False, **wrong)
    assert answer.status_code == 400
    assert answer.json()["code"] == "consent_incomplete"
    assert set(message) <= set(answer.json())
    assert not Consent.objects.exists()


def test_a_release_in_illinois_is_signed_by_a_guardian_for_a_child(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK = "us-illinois"
    assert agree(api, whole=False, signed=False).json()["signed"] is True
    assert agree(api, whole=False, ofAge=False, guardian=True).json()["missing"] == ["release_guardian"]
    both = [*PACKS["us-illinois"].statements, "release_guardian"]
    assert agree(api, whole=False, ofAge=False, guardian=True, statements=both).status_code == 201
    assert Consent.objects.get().by == "guardian"
    assert Consent.objects.get().signed


@pytest.mark.parametrize("pack", ["korea", "strict"])
def test_no_guardian_can_agree_where_children_are_not_read(api: APIClient, settings: Any, pack: str) -> None:
    settings.PRIVACY_PACK = pack
    answer = agree(api, whole=False, ofAge=False, guardian=True)
    assert (answer.status_code, answer.json()["code"]) == (400, "consent_incomplete")


@pytest.mark.parametrize(
    ("pack", "low", "high", "status"),
    [
        ("open", 5, 9, 200),
        ("eu", 13, 17, 403),
        ("eu", 13, 21, 200),
        ("korea", 10, 16, 403),
        ("us-illinois", 14, 20, 403),
        ("strict", 17, 30, 403),
        ("strict", 18, 30, 200),
    ],
)
def test_who_looks_too_young_is_not_remembered(
    api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch, pack: str, low: int, high: int, status: int
) -> None:
    settings.PRIVACY_PACK = pack
    looks_like(monkeypatch, low=low, high=high)
    answer = agreed_photo(api, agree(api))
    assert answer.status_code == status
    assert Visitor.objects.exists() is (status == 200)
    if status == 403:
        assert answer.json()["code"] == "too_young"
        assert ProcessingEntry.objects.latest("sequence").outcome == ""
        assert ProcessingEntry.objects.filter(step="analysed").get().outcome == "too_young"


def test_a_child_whose_guardian_agreed_is_read(api: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRIVACY_PACK = "eu"
    looks_like(monkeypatch, low=6, high=9)
    statements = [*PACKS["eu"].statements, "agree_guardian"]
    number = agree(api, ofAge=False, guardian=True, statements=statements)
    assert agreed_photo(api, number).status_code == 200


@pytest.mark.parametrize("context", ["workplace", "school"])
def test_no_face_is_read_at_work_and_in_school(api: APIClient, settings: Any, context: str) -> None:
    settings.SITE_CONTEXT = context
    answer = show_photo(api, pictures.portrait())
    assert answer.status_code == 403
    assert answer.json()["code"] == "face_reading_off"
    assert "5(1)(f)" in answer.json()["detail"]
    assert not Visitor.objects.exists()
    assert agree(api, whole=False, ofAge=True).json()["code"] == "face_reading_off"
    assert "garden.faces_forbidden_here" in {found.id for found in checks.run_checks() if found.is_serious()}


def test_a_workplace_that_has_switched_faces_off_starts(settings: Any) -> None:
    settings.SITE_CONTEXT, settings.FACE_READING = "workplace", False
    assert "garden.faces_forbidden_here" not in {found.id for found in checks.run_checks()}


def test_a_kiosk_in_the_staff_room_reads_no_face_in_a_museum(api: APIClient, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    api.credentials(HTTP_X_API_KEY=key_of(KioskFactory(context="workplace")))
    assert show_photo(api, pictures.portrait()).json()["code"] == "face_reading_off"
    api.credentials(HTTP_X_API_KEY=key_of(KioskFactory()))
    assert show_photo(api, pictures.portrait()).status_code == 200


def test_a_kiosk_has_rules_of_its_own(api: APIClient, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    api.credentials(HTTP_X_API_KEY=key_of(KioskFactory(privacy_pack="korea")))
    assert show_photo(api, pictures.portrait()).json()["pack"] == "korea"
    assert api.get("/consent").json()["age"] == {"atLeast": 14, "younger": "not-read"}


def key_of(kiosk: Any) -> str:
    from garden.models import KioskKey

    return str(KioskKey.objects.create_key(name="here", kiosk=kiosk)[1])


def test_notices_are_told_in_each_language_under_one_version(api: APIClient, settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    reported = [api.get("/consent", {"language": language}).json() for language in ("en", "ko", "ja", "xx")]
    assert len({notice["notice"] for notice in reported}) == 1
    assert len({notice["words"][0] for notice in reported}) == 3
    assert reported[3]["words"] == reported[0]["words"]
    assert "30 days" in " ".join(reported[0]["words"])


def test_a_site_must_name_who_answers_for_it(settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    missing = {"garden.privacy_controller_missing", "garden.privacy_contact_missing"}
    assert missing <= {found.id for found in checks.run_checks()}
    settings.PRIVACY_CONTROLLER, settings.PRIVACY_CONTACT = "A museum", "a@example.org"
    assert not missing & {found.id for found in checks.run_checks()}


def test_each_pack_that_has_guardians_asks_them_something() -> None:
    for pack in PACKS.values():
        asks = pack.gate is not None and pack.gate.younger is Younger.ASK_GUARDIAN
        assert bool(pack.guardian_statement) is asks


def test_leaving_forgets_the_visitor(api: APIClient) -> None:
    show_photo(api, pictures.portrait(), **{"X-user-id": "ann"})
    assert post(api, "/forget", id="ann").status_code == 204
    assert not Visitor.objects.exists()
    assert post(api, "/forget", id="ann").status_code == 204
    assert post(api, "/forget").status_code == 400
