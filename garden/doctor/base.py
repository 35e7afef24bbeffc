"""What a doctor says: findings, one or more a question."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db import DatabaseError

from garden.errors import GardenError


class Health(StrEnum):
    """`FAILED` keeps visitors or curators from something; `WARNING` will, or might."""

    WELL = "well"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not well."""

    subject: str
    health: Health
    words: str
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Question = Callable[[], Iterable[Finding]]
_questions: dict[str, Question] = {}


def question(subject: str) -> Callable[[Question], Question]:
    """Register what the doctor asks; each app registers its own in its `ready`."""

    def register(ask: Question) -> Question:
        _questions[subject] = ask
        return ask

    return register


def subjects() -> list[str]:
    return list(_questions)


def examine(only: Iterable[str] = ()) -> Iterator[Finding]:
    """Ask everything, or only some; a question that breaks is a finding too, and ends no other."""
    wanted = set(only) or set(_questions)
    for subject, ask in _questions.items():
        if subject in wanted:
            yield from _answers(subject, ask)


def _answers(subject: str, ask: Question) -> Iterator[Finding]:
    try:
        yield from ask()
    except GardenError as error:
        yield failed(subject, error.detail)
    except DatabaseError as error:
        yield failed(subject, f"Cannot be looked at: {first_line(error)}.", "See to database and migrations first.")
    except Exception as error:  # Whatever breaks here is what is wrong.
        yield failed(subject, f"{type(error).__name__}: {first_line(error)}")


def well(subject: str, words: str) -> Finding:
    return Finding(subject, Health.WELL, words)


def warning(subject: str, words: str, advice: str = "") -> Finding:
    return Finding(subject, Health.WARNING, words, advice)


def failed(subject: str, words: str, advice: str = "") -> Finding:
    return Finding(subject, Health.FAILED, words, advice)


def first_line(error: BaseException) -> str:
    return (str(error).strip() or "no message").splitlines()[0].rstrip(".")
