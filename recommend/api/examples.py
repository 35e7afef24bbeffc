"""Requests and answers as the API's page shows them."""

from drf_spectacular.utils import OpenApiExample

_VISITOR = "bfc150a5-07ad-45a0-87e8-435e8a21d6ee"
_RECOMMENDATION = "0f0e2c7e-7a0a-4f3b-9d7e-3f0d0c1b2a39"
_SHOWN = [f"emotions/calm/cat/img_20230320-121242_{number}h.jpeg" for number in (6, 2, 9)]

WISH = OpenApiExample(
    "A mood",
    value={"id": _VISITOR, "emotion": "calm", "generation": "adult", "gender": "Male", "limit": 30},
    request_only=True,
)
GARDEN = OpenApiExample(
    "A garden",
    value={
        "recommendationId": _RECOMMENDATION,
        "personalized": True,
        "landscape": [
            {"url": f"https://garden.example/media/{_SHOWN[0]}", "emotion": "calm/cat", "key": _SHOWN[0], "score": 0.31}
        ],
        "portrait": [],
    },
    response_only=True,
    status_codes=["200"],
)
LIKE = OpenApiExample(
    "A like",
    value={
        "id": _VISITOR,
        "itemId": _SHOWN[0],
        "impression": _SHOWN,
        "recommendationId": _RECOMMENDATION,
        "eventId": "kiosk-1-0042",
    },
    request_only=True,
)
UNLIKE = OpenApiExample(
    "A dislike, or a like taken back",
    value={"id": _VISITOR, "itemId": _SHOWN[0], "impression": _SHOWN, "like": False},
    request_only=True,
)
NOTHING_LIKED = OpenApiExample(
    "Seen, and none was liked",
    value={"id": _VISITOR, "itemId": None, "impression": _SHOWN},
    request_only=True,
)
