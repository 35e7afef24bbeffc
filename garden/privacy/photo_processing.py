"""The processing of one photo: admitted by the rules, logged, and gone before the log says so."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from django.utils import timezone

from garden.errors import GardenError
from garden.faces.base import AnalyzerUnavailableError, FaceReading
from garden.faces.pool import AnalyzerHangsError
from garden.models import Consent, Kiosk
from garden.privacy.consent import Policy, TooYoungError
from garden.privacy.processing_log import Receipt, note_dropped, note_given_up, note_on_device, note_received

logger = logging.getLogger(__name__)
READ = "read"
HANGS = "analyzer_hangs"


@dataclass(slots=True)
class PhotoProcessing:
    """One photo's way through the rules. `begin`, `read`, let go of the photo, `end`."""

    policy: Policy
    consent: Consent | None
    receipt: Receipt
    analysed_at: datetime
    reading: FaceReading | None = None
    problem: GardenError | None = None

    @classmethod
    def begin(cls, *, kiosk: Kiosk | None, consent: str) -> Self:
        """Before the photo is looked at. Raises what the rules say (403)."""
        policy = Policy.at(kiosk)
        policy.refuse_photo()
        agreed = policy.admit(consent)
        receipt = note_received(kiosk=kiosk, policy=policy, consent=agreed)
        return cls(policy, agreed, receipt, timezone.now())

    def read(self, read: Callable[[bytes], FaceReading], photo: bytes) -> None:
        """Raises nothing: a problem waits for `end`, without tracebacks, whose frames hold the photo."""
        try:
            reading = read(photo)
            self.policy.refuse_young(reading, self.consent)
            self.reading = reading
        except GardenError as error:
            error.__cause__ = error.__context__ = None
            self.problem = error.with_traceback(None)
        except Exception as error:  # Whatever it was, the photo is dropped and the record says so.
            logger.error("Reading a face failed with %s.", type(error).__name__)
            self.problem = AnalyzerUnavailableError("The face analyzer cannot answer now.")
        self.analysed_at = timezone.now()

    def end(self) -> FaceReading:
        """Once nobody holds the photo any more: the record says so. Raises the problem, if there was one."""
        if isinstance(self.problem, AnalyzerHangsError):
            note_given_up(self.receipt, at=self.analysed_at, outcome=HANGS)
        else:
            outcome = self.problem.code if self.problem else READ
            note_dropped(self.receipt, analysed_at=self.analysed_at, outcome=outcome)
        if self.problem:
            raise self.problem
        assert self.reading is not None  # noqa: S101  # Either it was read, or there is a problem.
        return self.reading


def admit_own_reading(reading: FaceReading, *, reader: str, kiosk: Kiosk | None, consent: str) -> None:
    """What a kiosk read by itself, under the same rules. `reader` is its program. Raises what the rules say (403)."""
    policy = Policy.at(kiosk)
    policy.refuse_own_reading()
    agreed = policy.admit(consent)
    note = partial(note_on_device, kiosk=kiosk, policy=policy, consent=agreed, reader=reader)
    try:
        policy.refuse_young(reading, agreed)
    except TooYoungError as error:
        note(outcome=error.code)
        raise
    note(outcome=READ)
