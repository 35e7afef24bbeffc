"""What Rekognition costs is counted before it is spent, over all processes."""

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import REGISTRY
from rest_framework.test import APIClient

from garden.doctor import check_face_costs, check_faces
from garden.faces.base import AnalyzerUnavailableError, FaceReading, NoFaceError
from garden.faces.pool import ReadingPool
from garden.faces.rekognition import PHOTOS_SENT, BudgetSpentError, RekognitionAnalyzer
from garden.models import DailyCount
from garden.models.privacy import DailyCountQuerySet
from garden.ops.doctor import Health
from tests.garden.faces.rekognition.conftest import BACKEND, Make
from tests.services.rekognition import FakeRekognition, failing
from tests.support import pictures
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
THREE = {"price": 1.0, "daily_budget": 0.003}


def today() -> int:
    return DailyCount.objects.total(PHOTOS_SENT, timezone.localdate())


def measured(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"service": "rekognition", **labels}) or 0.0


def test_every_photo_that_was_answered_is_counted_and_priced(make: Make) -> None:
    photos = measured("garden_face_service_photos_total", outcome="answered")
    dollars = measured("garden_face_service_dollars_total")
    analyzer = make(price=1.2)
    analyzer.read(pictures.portrait())
    with pytest.raises(NoFaceError):
        analyzer.read(pictures.coffee())
    assert today() == 2
    assert measured("garden_face_service_photos_total", outcome="answered") - photos == 2
    assert measured("garden_face_service_dollars_total") - dollars == pytest.approx(0.0024)


def test_a_photo_that_was_not_answered_costs_nothing(make: Make, rekognition: FakeRekognition) -> None:
    rekognition.trouble = failing("ThrottlingException")
    before = measured("garden_face_service_photos_total", outcome="analyzer_unavailable")
    with pytest.raises(AnalyzerUnavailableError):
        make().read(pictures.portrait())
    assert today() == 0
    assert measured("garden_face_service_photos_total", outcome="analyzer_unavailable") - before == 1


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_counted_before_it_is_sent(make: Make, rekognition: FakeRekognition) -> None:
    """Who is killed while it is away has counted it."""
    counted: list[int] = []

    def look(number: int) -> None:
        counted.append(today())
        connection.close()

    rekognition.trouble = look
    make().read(pictures.portrait())
    assert counted == [1]


def test_no_photo_is_sent_beyond_a_days_budget(make: Make, rekognition: FakeRekognition) -> None:
    analyzer = make(**THREE)
    with time_machine.travel("2026-11-21 23:59:00Z", tick=False):
        for _ in range(3):
            analyzer.read(pictures.portrait())
        with pytest.raises(BudgetSpentError, match="budget for reading faces is spent"):
            analyzer.read(pictures.portrait())
        with pytest.raises(BudgetSpentError):
            analyzer.check()
        assert len(rekognition.photos) == 3
    with time_machine.travel("2026-11-22 00:00:00Z", tick=False):
        analyzer.check()
        assert DailyCount.objects.total(PHOTOS_SENT, timezone.localdate().replace(day=1)) == 3


def test_a_spent_budget_is_no_fault_of_the_service() -> None:
    def spent(photo: bytes) -> FaceReading:
        raise BudgetSpentError

    pool = ReadingPool()
    for _ in range(pool.threshold + 1):
        with pytest.raises(BudgetSpentError):
            pool.read(spent, b"photo")


@pytest.mark.parametrize(
    ("price", "budget", "most"), [(1.0, 0.0, None), (0.0, 5.0, None), (1.0, 5.0, 5000), (1.25, 1.0, 800)]
)
def test_a_budget_is_so_many_photos(price: float, budget: float, most: int | None) -> None:
    assert RekognitionAnalyzer(price=price, daily_budget=budget).most_photos == most


def test_two_who_want_the_last_photo_get_one(make: Make) -> None:
    assert [DailyCount.objects.add(PHOTOS_SENT, timezone.localdate(), most=1) for _ in range(2)] == [True, False]
    for _ in range(2):
        DailyCount.objects.subtract(PHOTOS_SENT, timezone.localdate())
    assert today() == 0


@pytest.fixture
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(DailyCountQuerySet, "add", fail)


@pytest.mark.usefixtures("_no_database")
def test_what_cannot_be_counted_is_not_sent(make: Make, rekognition: FakeRekognition) -> None:
    with pytest.raises(AnalyzerUnavailableError, match="cannot be counted"):
        make(**THREE).read(pictures.portrait())
    assert rekognition.photos == []


@pytest.fixture
def _site(rekognition: FakeRekognition, settings: Any) -> None:
    """Rekognition reads the faces of this site."""
    options = {"endpoint_url": rekognition.url, "region": "eu-west-1", "attempts": 1, **THREE}
    settings.FACE_ANALYZER = {"BACKEND": BACKEND, "OPTIONS": options}


@pytest.mark.usefixtures("_site")
def test_the_doctor_asks_and_takes_an_answer_for_health(rekognition: FakeRekognition) -> None:
    (found,) = check_faces()
    assert found.health is Health.WELL
    rekognition.faces = []
    (found,) = check_faces()
    assert (found.health, found.words) == (
        Health.WELL,
        "Amazon Rekognition (eu-west-1) responds; it found no face in a drawing.",
    )
    rekognition.trouble = failing("AccessDeniedException")
    (found,) = check_faces()
    assert found.health is Health.FAILED
    assert "denies access (AccessDeniedException)" in found.words
    assert "rekognition:DetectFaces" in found.advice


@pytest.mark.usefixtures("_site")
def test_the_doctor_reports_what_it_costs_and_when_that_ends() -> None:
    def reported() -> tuple[Health, str]:
        (found,) = check_face_costs()
        return found.health, found.words

    health, words = reported()
    assert (health, words.startswith("0 photos today, $0.00; this month 0, $0.00.")) == (Health.WELL, True)
    for state in (Health.WELL, Health.WELL, Health.FAILED):
        DailyCount.objects.add(PHOTOS_SENT, timezone.localdate())
        health, words = reported()
        assert health is state
    assert "It is spent: no faces are read until midnight." in words


def test_the_doctor_says_nothing_of_costs_where_there_are_none() -> None:
    assert list(check_face_costs()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_site")
def test_a_visitor_is_told_to_come_back_later_when_the_budget_is_spent(
    api: APIClient, rekognition: FakeRekognition
) -> None:
    answers = [show_photo(api, pictures.portrait()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 503]
    assert answers[0].json()["emotions"] == "HAPPY"
    assert answers[3].json()["code"] == "face_budget_spent"
    assert answers[3]["Retry-After"] == "3600"
    assert today() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_site")
def test_a_moment_is_one_photo_unless_the_site_pays_for_more(
    api: APIClient, rekognition: FakeRekognition, settings: Any
) -> None:
    def moment() -> int:
        frames = [SimpleUploadedFile("frame", pictures.portrait(), "image/jpeg") for _ in range(3)]
        assert api.post("/emotion", {"image": frames}, format="multipart").status_code == 200
        return len(rekognition.photos)

    assert moment() == 1
    entry = settings.FACE_ANALYZER
    settings.FACE_ANALYZER = {**entry, "OPTIONS": {**entry["OPTIONS"], "daily_budget": 0.0, "frames": 3}}
    assert moment() == 1 + 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_site")
def test_a_throttled_service_is_a_503_to_come_back_to(api: APIClient, rekognition: FakeRekognition) -> None:
    rekognition.trouble = failing("ProvisionedThroughputExceededException")
    answer = show_photo(api, pictures.portrait())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    rekognition.trouble = failing("InvalidImageFormatException")
    assert show_photo(api, pictures.portrait()).status_code == 400
