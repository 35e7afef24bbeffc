from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from garden.backends import build_backend, check_backend
from garden.errors import MisconfiguredError

HERE = "tests.garden.test_backends"


class Role:
    pass


@dataclass(frozen=True)
class Whistle(Role):
    loudness: int = 3
    length: float = 0.1
    shrill: bool = False
    maker: str = ""
    case: Path = Path()
    tone: Literal["low", "high"] = "low"


@dataclass(frozen=True)
class Stranger:
    pass


def test_it_builds_what_the_entry_names_with_its_options() -> None:
    assert build_backend("TUNE", {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"loudness": 9}}, Role) == Whistle(9)


def test_a_whole_number_is_a_number() -> None:
    assert build_backend("TUNE", {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"length": 1}}, Role) == Whistle(length=1)


def test_a_path_may_be_text() -> None:
    entry = {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"case": "/srv/case"}}
    assert build_backend("TUNE", entry, Role).case == Path("/srv/case")  # type: ignore[attr-defined]


def test_it_lets_the_entry_override_a_default() -> None:
    entry = {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"loudness": 9}}
    assert build_backend("TUNE", entry, Role, loudness=1) == Whistle(9)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (
            {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"pitch": 1}},
            "unknown options pitch; known are loudness, length",
        ),
        ({"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"loudness": "9"}}, "loudness must be a whole number, not '9'"),
        ({"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"loudness": True}}, "loudness must be a whole number, not True"),
        (
            {"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"length": float("nan")}},
            "length must be a finite number, not nan",
        ),
        ({"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"shrill": 1}}, "shrill must be true or false, not 1"),
        ({"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"maker": 5}}, "maker must be text, not 5"),
        ({"BACKEND": f"{HERE}.Whistle", "OPTIONS": {"tone": "wild"}}, "tone must be one of low, high, not 'wild'"),
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
