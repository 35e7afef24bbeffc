"""Fields of requests that take JSON strings for strings: DRF's own make text of a number."""

from typing import Any
from uuid import UUID

from rest_framework import serializers


class StringField(serializers.CharField):
    """A string; a JSON number is refused."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StringUUIDField(serializers.UUIDField):
    """A UUID in its written form; DRF's own takes any integer for one."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)
