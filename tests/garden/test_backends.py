from dataclasses import dataclass

import pytest

from garden.backends import build_backend, check_backend
from garden.errors import MisconfiguredError

HERE = "tests.garden.test_backends"


class Role:
    pass


@dataclass(frozen=True)
class Whistle(Role):
    loudness: int = 3


@dataclass(frozen=True)
class Stranger:
    pass


def test_it_builds_what_the_entry_names_with_its_options() -> None:
    assert build_backend("TUNE", {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"loudness": 9}}, Role) == Whistle(9)


def test_it_lets_the_entry_override_a_default() -> None:
    entry = {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"loudness": 9}}
    assert build_backend("TUNE", entry, Role, loudness=1) == Whistle(9)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"pitch": 1}}, "unknown options pitch; known are loudness"),
        ({"BACKEND": f"{HERE}.Nothing"}, "cannot be imported"),
        ({"BACKEND": "nowhere.Whistle"}, "cannot be imported"),
        ({"BACKEND": f"{HERE}.Stranger"}, "is not a Role"),
        ({}, "cannot be imported"),
    ],
)
def test_it_says_what_is_wrong_with_an_entry(entry: dict[str, object], complaint: str) -> None:
    with pytest.raises(MisconfiguredError, match=complaint):
        build_backend("TUNE", entry, Role)
    assert complaint in check_backend("TUNE", entry, Role)[0].msg
