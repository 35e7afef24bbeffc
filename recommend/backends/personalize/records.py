"""Our rows in Personalize's words. Field names of PutUsers and PutItems are the schema's in camel case."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from garden.models import Image, Visitor
from recommend.backends.base import Feedback, Kind, VisitorContext

ID_MAX_LENGTH = 256
IMPRESSION_MAX_ITEMS = 25
REFERENCE_MAX_LENGTH = 40
FILTER_VALUE_MAX_LENGTH = 1_000
NOWHERE = "withdrawn"
"""The emotion of a picture that is not to be recommended: no filter asks for it."""


def event_of(feedback: Feedback, event_type: str, context: Mapping[str, str]) -> dict[str, Any]:
    """An element of PutEvents' `eventList`, but for `eventId`; `sentAt` in seconds."""
    event: dict[str, Any] = {"eventType": event_type, "sentAt": feedback.seconds}
    if feedback.kind is not Kind.SEEN:
        event["itemId"] = feedback.item
    if impression := _impression(feedback):
        event["impression"] = impression
    if 0 < len(feedback.reference) <= REFERENCE_MAX_LENGTH:
        event["recommendationId"] = feedback.reference
    if context:
        event["properties"] = json.dumps(dict(context))
    return event


def _impression(feedback: Feedback) -> list[str]:
    """What was shown, the liked picture always among it."""
    fitting = [key for key in dict.fromkeys(feedback.impression) if 0 < len(key) <= ID_MAX_LENGTH]
    shown = fitting[:IMPRESSION_MAX_ITEMS]
    if feedback.item in fitting and feedback.item not in shown:
        shown[-1] = feedback.item
    return shown


def context_of(visitor: VisitorContext, fields: Iterable[str]) -> dict[str, str]:
    """The known ones of GENERATION, GENDER, EMOTION that the site's interactions schema has."""
    known = {"GENERATION": visitor.generation, "GENDER": visitor.gender, "EMOTION": visitor.emotion}
    return {field: known[field] for field in fields if known[field]}


def user_record(visitor: Visitor) -> dict[str, str]:
    words = {"generation": visitor.generation, "gender": visitor.gender, "emotion": visitor.emotion}
    return {"userId": visitor.id, "properties": json.dumps({name: word for name, word in words.items() if word})}


def item_record(image: Image) -> dict[str, str]:
    seconds = int((image.published_at or image.created_at).timestamp())
    emotion = image.emotion_path if image.state == Image.State.SERVING else NOWHERE
    words = {"emotion": emotion, "timestamp": seconds, "creationTimestamp": seconds}
    return {"itemId": image.key, "properties": json.dumps(words)}


def filter_value(emotions: Sequence[str]) -> str:
    r"""`"calm","calm/cat"`, as many as the service takes; those with a quotation mark cannot be asked for."""
    quoted = [f'"{emotion}"' for emotion in emotions if '"' not in emotion]
    text = ""
    for word in quoted:
        longer = f"{text},{word}" if text else word
        if len(longer) > FILTER_VALUE_MAX_LENGTH:
            break
        text = longer
    return text
