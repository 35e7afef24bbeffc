"""Who asks for liveness must not be left believing that it happens."""

from typing import Any

import pytest

from garden.checks import check_face_analyzer

UNMEASURED = {"BACKEND": "tests.compatibility.unmeasured.UnmeasuredAnalyzer"}


def test_nothing_is_said_while_it_is_off_or_works(settings: Any) -> None:
    assert check_face_analyzer() == []
    settings.FACE_LIVENESS = True
    assert check_face_analyzer() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"FACE_QUALITY_CHECK": "off"}, "FACE_QUALITY_CHECK is off"),
        ({"FACE_ANALYZER": UNMEASURED}, "does not support it"),
    ],
)
def test_a_site_is_warned_where_it_would_not_happen(settings: Any, changes: dict[str, Any], words: str) -> None:
    settings.FACE_LIVENESS = True
    for name, value in changes.items():
        setattr(settings, name, value)
    (warning,) = check_face_analyzer()
    assert words in warning.msg
