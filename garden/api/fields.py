"""Fields of requests: ids of rows, and strings that are strings: DRF's own make text of a number."""

from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField
from rest_framework import serializers

from garden.storage.keys import is_favorite
from garden.vocabulary import Emotion

KEY_MAX_LENGTH = 4096
"""Of a key or a full URL of a picture, percent-encoded."""
LARGEST_ID = BigIntegerField.MAX_BIGINT
ROW_ID_SCHEMA = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}


def validated(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """What the serializer makes of a request's data. Raises ValidationError."""
    filled = serializer(data=data)
    filled.is_valid(raise_exception=True)
    given: dict[str, Any] = filled.validated_data
    return given


class RowIdField(serializers.IntegerField):
    """The id of a row, 0 … LARGEST_ID: the database fails on a larger one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": LARGEST_ID, **options})


class StringField(serializers.CharField):
    """A string; a JSON number is refused."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmotionTextField(StringField):
    """`calm` or `calm/cat`. `/emotion` answers in upper case, so the emotion may be in any case; favorites may not."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 300, "help_text": "`calm`, `calm/cat`, `happy/spring,cloudy,day`", **options})

    def to_internal_value(self, data: Any) -> str:
        emotion, slash, favorite = super().to_internal_value(data).partition("/")
        lower = emotion.lower()
        return f"{lower if lower in list(Emotion) else emotion}{slash}{favorite}"


class KeysField(serializers.ListField):
    """Keys, or full URLs of pictures."""

    child = StringField(max_length=KEY_MAX_LENGTH)


class FavoriteField(StringField):
    """A favorite, or nothing: it may be the name of a folder in a key."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 100, "allow_blank": True, **options})

    def to_internal_value(self, data: Any) -> str:
        favorite = super().to_internal_value(data)
        if favorite and not is_favorite(favorite):
            raise serializers.ValidationError("A favorite is printable text without a slash.")
        return favorite


class StringUUIDField(serializers.UUIDField):
    """A UUID in its written form; DRF's own takes any integer for one."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class JSONPart(serializers.JSONField):
    """JSON as it is; in a multipart request a JSON string."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except RecursionError:
            self.fail("invalid")
