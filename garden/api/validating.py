"""What a request says, read by serializers that are built once: DRF copies every field for each new one."""

from functools import cache
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer


def validated(kind: type[Serializer[Any]], data: Any) -> Any:
    """As `validated_data` of a serializer of its own; raises what its `is_valid` raises.

    For serializers that look at nothing but the data: the one that is shared knows no request.
    """
    try:
        return _built(kind).run_validation(data)
    except ValidationError:
        refusing = kind(data=data)
        refusing.is_valid(raise_exception=True)
        return refusing.validated_data


@cache
def _built(kind: type[Serializer[Any]]) -> Serializer[Any]:
    return kind()
