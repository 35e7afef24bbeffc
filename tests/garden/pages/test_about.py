"""The page that says how faces are read: measured figures, whom it serves worse, and what visitors answered."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from garden.faces.evaluation.figures import evaluate
from garden.faces.evaluation.report import for_visitors
from garden.faces.quality import Limits, Quality
from garden.models import DailyCount, KioskKey
from garden.pages import about
from garden.vocabulary import Reader
from tests.garden.faces.evaluation.samples import reading, sample
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Twenty men read rightly; of ten women, five are angry and read as happy."""
    men = [sample("happy", "happy", gender="male") for _ in range(10)]
    men += [sample("angry", "angry", gender="male") for _ in range(10)]
    women = [sample("happy", "happy", gender="female") for _ in range(5)]
    women += [sample("angry", "happy", gender="female") for _ in range(5)]
    origin = {"analyzer": settings.FACE_ANALYZER["BACKEND"], "source": "faces", "cross_validated": True}
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(for_visitors(evaluate([*men, *women], origin))))
    monkeypatch.setattr(about, "EVALUATION", path)
    monkeypatch.setattr(about, "IN_BROWSER", tmp_path / "in_browser.json")


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/about/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_how_often_each_mood_is_recognised(client: Client) -> None:
    text = " ".join(page(client).split())
    assert "On 30 photographs of 30 people" in text
    assert '<th scope="row">angry</th> <td>67%</td>' in text


def test_it_shows_the_limits_of_the_gardens_own_photographs_only(client: Client) -> None:
    assert "around 2003" in page(client)
    report = json.loads(about.EVALUATION.read_text())
    about.EVALUATION.write_text(json.dumps({**report, "source": "our visitors"}))
    assert "around 2003" not in page(client)


def test_it_says_how_many_would_be_asked_for_a_better_look(client: Client, settings: Any) -> None:
    assert "data-quality-check" not in page(client)
    faces = [sample("happy", reading("happy", quality=Quality(brightness=light))) for light in (0.1, 0.5, 0.6, 0.7)]
    about.EVALUATION.write_text(
        json.dumps(
            for_visitors(
                evaluate(
                    faces,
                    {"analyzer": settings.FACE_ANALYZER["BACKEND"], "source": "faces", "cross_validated": True},
                    Limits(darkest=0.2),
                )
            )
        )
    )
    assert "that would happen to 25.0% of these photographs" in page(client)
    settings.FACE_QUALITY_CHECK = "off"
    assert "data-quality-check" not in page(client)


def test_it_names_who_is_read_worse(client: Client) -> None:
    assert "female: 33 points below the average, on 10 photographs" in page(client)


@pytest.mark.parametrize(
    ("language", "title"), [("ko", "이 정원의 얼굴 분석 방법"), ("ja", "この庭がお顔を読み取る仕組み")]
)
def test_it_speaks_the_visitors_language(client: Client, language: str, title: str) -> None:
    text = page(client, f"?lang={language}")
    assert f'<html lang="{language}">' in text
    assert f">{title}</h1>" in text


def test_it_says_nothing_of_an_analyzer_that_was_not_measured(client: Client, settings: Any) -> None:
    settings.FACE_ANALYZER = {"BACKEND": "garden.faces.other.OtherAnalyzer", "OPTIONS": {}}
    text = page(client)
    assert "has not been measured in this garden" in text
    assert "Recognised" not in text


def test_it_shows_how_often_visitors_corrected_the_guess(client: Client) -> None:
    for message, times in (("happy", 45), ("sad", 15)):
        for _ in range(times):
            DailyCount.objects.add_guess(guessed="happy", said=message)
    text = " ".join(page(client).split())
    assert "In the last 12 weeks 60 visitors told us whether the guess was right. 25% chose another mood." in text


def test_it_shows_no_share_of_a_few(client: Client) -> None:
    DailyCount.objects.add_guess(guessed="happy", said="sad")
    text = page(client)
    assert "Too few visitors have answered" in text
    assert "data-corrected" not in text


def test_it_goes_home_by_itself_on_a_kiosk_only(client: Client, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS = 30
    assert 'data-idle-seconds="120"' in page(client, "?from=kiosk")
    assert "?from=kiosk&amp;lang=ko" in page(client, "?from=kiosk")
    assert "data-idle-seconds" not in page(client)


def test_a_screen_that_reads_itself_shows_the_figures_of_that(client: Client, tmp_path: Path) -> None:
    kiosk = KioskFactory.create(reader=Reader.IN_BROWSER)
    client.post("/kiosk/pair/", {"key": KioskKey.objects.create_key(name="here", kiosk=kiosk)[1]})
    theirs = [sample("happy", "happy", gender="male") for _ in range(3)] + [sample("sad", "happy") for _ in range(7)]
    (tmp_path / "in_browser.json").write_text(
        json.dumps(for_visitors(evaluate(theirs, {"analyzer": "human", "source": "faces"})))
    )
    for message, reader in (("happy", Reader.SERVER), ("sad", Reader.IN_BROWSER)):
        for _ in range(about.ENOUGH):
            DailyCount.objects.add_guess(guessed="happy", said=message, reader=reader)
    text = " ".join(page(client).split())
    assert "no photo leaves it, and it is wrong more often" in text
    assert "On 10 photographs of 10 people its guess was what people said of the face in 30% of cases." in text
    assert "50 visitors told us whether the guess was right. 100% chose another mood." in text
    others = page(Client())
    assert "wrong more often" not in others
    assert "0% chose another mood" in others
