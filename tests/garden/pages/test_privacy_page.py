"""The page of privacy: anybody reads what is kept and for how long, without a kiosk and without a key."""

from typing import Any

import pytest
from django.test import Client

from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/privacy/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_shows_the_notice_the_days_and_who_answers_for_it(client: Client, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    settings.PRIVACY_PACK, settings.VISITOR_RETENTION_DAYS = "eu", 7
    settings.PRIVACY_CONTROLLER, settings.PRIVACY_CONTACT = "Garden <Museum>", "privacy@garden.example"
    text = page(client)
    assert "An emotion recognition program (AI) guesses emotion, age group and gender from your face." in text
    assert "under a random number</th> <td>7</td>" in text
    assert "Consent to face analysis</th>" in text
    assert text.count("complain to the data protection authority. Ask the staff, or privacy@garden.example.") == 1
    assert "Controller: Garden &lt;Museum&gt;" in text


def test_it_promises_nothing_of_a_camera_where_no_face_is_read(client: Client, settings: Any) -> None:
    settings.FACE_READING = False
    text = page(client)
    assert "No face is read here. The camera stays off." in text
    assert "photo" not in text
    assert "You may see or delete what is kept. Ask the staff, with the number that the last screen showed." in text


def test_it_shows_what_every_kind_of_screen_shows(client: Client, settings: Any) -> None:
    settings.PRIVACY_PACK = "open"
    KioskFactory(privacy_pack="us-illinois")
    KioskFactory(privacy_pack="us-illinois")
    text = page(client)
    assert "kiosks of kind 2" in text
    assert "kiosks of kind 3" not in text
    assert "Photos and measurements are never sold, rented, traded or shown to anyone." in text


@pytest.mark.parametrize(("language", "title"), [("ko", "이 정원의 개인정보 보호"), ("ja", "この庭のプライバシー")])
def test_it_speaks_the_visitors_language(client: Client, language: str, title: str) -> None:
    text = page(client, f"?lang={language}&from=kiosk")
    assert f'<html lang="{language}">' in text
    assert f"<h1>{title}</h1>" in text
    assert f'href="/about/?from=kiosk&amp;lang={language}"' in text


def test_the_kiosks_page_of_faces_leads_there_and_both_go_home_by_themselves(client: Client, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS = 30
    about = client.get("/about/?from=kiosk&lang=ko").content.decode()
    assert 'href="/privacy/?from=kiosk&amp;lang=ko"' in about
    assert 'data-idle-seconds="120"' in page(client, "?from=kiosk")
    assert "data-idle-seconds" not in page(client)
