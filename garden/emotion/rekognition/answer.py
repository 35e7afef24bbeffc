"""Amazon's FaceDetail as a reading, field by field; nothing is computed that Amazon did not say.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_FaceDetail.html
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from garden.emotion.base import AnalyzerUnavailableError, Attribute, FaceReading
from garden.emotion.quality import Quality
from garden.emotion.several import Several, count_beside, in_turn
from garden.vocabulary import Emotion, Gender

if TYPE_CHECKING:
    from types_boto3_rekognition.type_defs import BoundingBoxTypeDef, FaceDetailTypeDef

ATTRIBUTES = {
    "smile": "Smile",
    "eyeglasses": "Eyeglasses",
    "sunglasses": "Sunglasses",
    "beard": "Beard",
    "mustache": "Mustache",
    "eyes_open": "EyesOpen",
    "mouth_open": "MouthOpen",
}
_EYES = ("eyeLeft", "eyeRight")


def reading_of(faces: "Sequence[FaceDetailTypeDef]", several: Several, width: int, height: int) -> FaceReading:
    """Of the face that `several` says; `width` and `height` are the photo's.

    Raises AnalyzerUnavailableError for a face of which Amazon told less than asked.
    """
    sides = [_side(face["BoundingBox"], width, height) for face in faces]
    offsets = [_offset(face["BoundingBox"], width, height) for face in faces]
    chosen = in_turn(sides, offsets, several)[0]
    face: Mapping[str, Any] = faces[chosen]
    try:
        return FaceReading(
            scores=_scores(face["Emotions"]),
            age_low=face["AgeRange"]["Low"],
            age_high=face["AgeRange"]["High"],
            gender=Gender(face["Gender"]["Value"]),
            faces=len(faces),
            confidence=face["Confidence"] / 100,
            quality=_quality(face, width, height, beside=count_beside(sides, chosen)),
            **{ours: _attribute(face[theirs]) for ours, theirs in ATTRIBUTES.items()},
        )
    except (KeyError, ZeroDivisionError, ValueError):
        detail = "Amazon Rekognition told less of the face than it was asked."
    raise AnalyzerUnavailableError(detail)


def _scores(emotions: Sequence[Mapping[str, Any]]) -> dict[Emotion, float]:
    """Amazon's confidences are no shares of a whole: they are made ones. UNKNOWN is none of the eight words."""
    told = {each["Type"].lower(): each["Confidence"] for each in emotions}
    total = sum(told.get(emotion.value, 0.0) for emotion in Emotion)
    return {emotion: told.get(emotion.value, 0.0) / total for emotion in Emotion}


def _attribute(told: Mapping[str, Any]) -> Attribute:
    return Attribute(value=told["Value"], confidence=told["Confidence"] / 100)


def _quality(face: Mapping[str, Any], width: int, height: int, *, beside: int) -> Quality:
    """Amazon does not say which way its angles count: only their size is to be relied on."""
    seen, pose, occluded = face.get("Quality", {}), face.get("Pose", {}), face.get("FaceOccluded")
    covered = _attribute(occluded) if occluded else None
    return Quality(
        sharpness=_part(seen.get("Sharpness")),
        brightness=_part(seen.get("Brightness")),
        eye_distance=_eye_distance(face.get("Landmarks", ()), width, height),
        yaw=pose.get("Yaw"),
        pitch=pose.get("Pitch"),
        roll=pose.get("Roll"),
        covered=None if covered is None else covered.confidence if covered.value else 1 - covered.confidence,
        beside=beside,
    )


def _part(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _eye_distance(landmarks: Sequence[Mapping[str, Any]], width: int, height: int) -> float | None:
    eyes = [(mark["X"] * width, mark["Y"] * height) for mark in landmarks if mark["Type"] in _EYES]
    return math.dist(*eyes) if len(eyes) == len(_EYES) else None


def _side(box: "BoundingBoxTypeDef", width: int, height: int) -> float:
    return math.sqrt(max(0.0, box["Width"] * width * box["Height"] * height))


def _offset(box: "BoundingBoxTypeDef", width: int, height: int) -> float:
    across, down = box["Left"] + box["Width"] / 2 - 0.5, box["Top"] + box["Height"] / 2 - 0.5
    return math.hypot(across * width, down * height)
