"""Visitors who agree, as kiosks send it, and faces of any age."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.faces.base import Attribute, FaceReading
from garden.faces.local import LocalAnalyzer
from garden.vocabulary import Emotion, Gender
from tests.support import pictures
from tests.support.kiosk import show_photo


def agree(api: APIClient, *, whole: bool = True, **fields: Any) -> Any:
    """Agree to all that is asked; `whole=False` gives the answer in place of the consent's number."""
    notice = api.get("/consent").json()
    everything = {
        "notice": notice["notice"],
        "language": "en",
        "statements": list(notice["statements"]),
        "ofAge": True,
        "signed": True,
    }
    answer = api.post("/consent", {**everything, **fields}, format="json")
    return answer.json()["consent"] if whole else answer


def agreed_photo(api: APIClient, number: str, **headers: str) -> Any:
    return show_photo(api, pictures.portrait(), **{"X-Consent": number, **headers})


def looks_like(monkeypatch: pytest.MonkeyPatch, *, low: int, high: int) -> None:
    """Every face is of this age."""
    yes = Attribute(value=True, confidence=0.9)
    names = ("smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyes_open", "mouth_open")
    judged: dict[str, Any] = dict.fromkeys(names, yes)
    scores = {emotion: float(emotion is Emotion.HAPPY) for emotion in Emotion}
    reading = FaceReading(
        scores=scores,
        age_low=low,
        age_high=high,
        gender=Gender.FEMALE,
        faces=1,
        confidence=1.0,
        **judged,
    )
    monkeypatch.setattr(LocalAnalyzer, "analyze", lambda self, photo: reading)
