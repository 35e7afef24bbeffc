"""`manage.py doctor`: findings about a site, each with advice. An app registers its checks in its `doctor.py`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError

from garden.errors import GardenError


class Health(StrEnum):
    """`FAILED` keeps visitors or curators from something; `WARNING` will, or might."""

    WELL = "well"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was examined, its health, and what to do where it is not well."""

    subject: str
    health: Health
    words: str
    advice: str = ""


Check = Callable[[], Iterable[Finding]]
_checks: dict[str, Check] = {}


def register(subject: str) -> Callable[[Check], Check]:
    """Register the check of a subject."""

    def decorate(check: Check) -> Check:
        _checks[subject] = check
        return check

    return decorate


def subjects() -> list[str]:
    return list(_checks)


def examine(only: Iterable[str] = ()) -> Iterator[Finding]:
    """Run all checks, or those of some subjects; a check that raises is a finding too, and ends no other."""
    chosen = set(only) or set(_checks)
    for subject, check in _checks.items():
        if subject in chosen:
            yield from _findings(subject, check)


def _findings(subject: str, check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except GardenError as error:
        yield failed(subject, error.detail)
    except DatabaseError as error:
        yield failed(
            subject, f"Cannot be checked: {first_line(error)}.", "Check the database and the migrations first."
        )
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
