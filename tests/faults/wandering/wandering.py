"""One request after the other, each in a garden as it was planted."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import TestCase

from tests.faults.wandering.addresses import Address
from tests.faults.wandering.asking import Asker, Request
from tests.faults.wandering.judging import Answer, Writes, faults_of
from tests.faults.wandering.learning import Form, Knowledge
from tests.faults.wandering.people import Person
from tests.faults.wandering.planted import Planted


@dataclass
class Walk:
    """`faults` tells of each request that had an answer which no request may have."""

    person: Person
    planted: Planted
    known: Knowledge = field(default_factory=Knowledge)
    faults: list[str] = field(default_factory=list)
    asked: int = 0

    def visit(self, address: Address, number: int, requests: int) -> None:
        """As its links lead there, then `requests` times oddly; a form that comes back is filled in."""
        asker = Asker(random.Random(f"{address.route} {number}"), self.planted, self.known)
        self.learn(asker.plain(address))
        for _ in range(requests):
            forms = self.learn(asker.odd(address))
            if forms:
                self.ask(asker.filled(asker.by.choice(forms), address))

    def stray(self, address: Address, number: int) -> None:
        """Oddly, and once."""
        self.ask(Asker(random.Random(f"{address.route} {number}"), self.planted, self.known).odd(address))

    def learn(self, request: Request) -> list[Form]:
        """Returns the forms of the answer that would change something."""
        answer = self.ask(request)
        return self.known.learn(request.path, answer.text) if answer.is_page else []

    def ask(self, request: Request) -> Answer:
        answer = ask(self.person, request)
        self.asked += 1
        found = faults_of(self.person.kind, request, answer, self.planted.secrets)
        self.faults += [f"{fault}\n    {self.person.kind}, {request}" for fault in found]
        return answer


def ask(person: Person, request: Request) -> Answer:
    writes = Writes()
    with _undone(), connection.execute_wrapper(writes):
        try:
            with TestCase.captureOnCommitCallbacks(execute=True):
                response = person.client().generic(
                    request.method,
                    request.path,
                    request.body,
                    content_type=request.content_type or "application/octet-stream",
                    headers=dict(request.headers),
                )
                text = _text(response)
        except Exception as error:  # Whatever it is, a server would have answered 500.
            return Answer(0, {}, "", frozenset(writes.tables), f"{type(error).__name__}: {error}"[:500])
    return Answer(response.status_code, dict(response.headers), text, frozenset(writes.tables))


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _text(response: Any) -> str:
    """Read to its end: a stream closes itself, as a server would."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")
