"""The same rows as Gorse imports them: users, items, feedback.

An id of Gorse holds no slash, so keys are percent-encoded; `urllib.parse.unquote` gives them back.
"""

import json
from datetime import UTC, datetime
from urllib.parse import quote

from garden.models import Image, Visitor
from recommend.datasets.records import EVENT_TYPES, INTERACTIONS, ITEMS, USERS, Dataset
from recommend.models import Interaction, Kind


def _user(visitor: Visitor) -> tuple[str, ...]:
    words = {"generation": visitor.generation, "gender": visitor.gender, "emotion": visitor.emotion}
    return gorse_id(visitor.id), json.dumps({name: word for name, word in words.items() if word})


def _item(image: Image) -> tuple[str, ...]:
    hidden = "false" if image.state == Image.State.SERVING else "true"
    words = {"emotion": image.emotion, "favorite": image.favorite, "orientation": image.orientation}
    published = image.published_at or image.created_at
    return gorse_id(image.key), hidden, image.emotion, _time(published), json.dumps(words), ""


def _feedback(said: Interaction) -> tuple[str, ...]:
    kind = EVENT_TYPES[Kind(said.kind)]
    return kind, gorse_id(said.visitor_id or ""), gorse_id(said.item_key), _time(said.created_at)


def gorse_id(text: str) -> str:
    """Nothing that a spreadsheet would run is left at the beginning either."""
    encoded = quote(text, safe="")
    return f"%2D{encoded[1:]}" if encoded.startswith("-") else encoded


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000 UTC"


GORSE = (
    Dataset("users", ("user_id", "labels"), USERS.source, _user),
    Dataset(
        "items", ("item_id", "is_hidden", "categories", "time_stamp", "labels", "description"), ITEMS.source, _item
    ),
    Dataset("feedback", ("feedback_type", "user_id", "item_id", "time_stamp"), INTERACTIONS.source, _feedback),
)
