"""What a face service costs: its photos counted by day, held against a budget before each is sent."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import Error, connection
from prometheus_client import Counter

from garden.emotion.base import AnalyzerUnavailableError
from garden.errors import GardenError

if TYPE_CHECKING:
    from garden.models.sent_photos import SentPhotosQuerySet

logger = logging.getLogger(__name__)
PHOTOS = Counter("garden_face_service_photos", "Photos sent to a face service, by its answer.", ["service", "outcome"])
DOLLARS = Counter("garden_face_service_dollars", "What they cost, by the price of the settings.", ["service"])
ANSWERED = "answered"
_UNCOUNTED = "What reading faces costs cannot be counted now."


class BudgetSpentError(AnalyzerUnavailableError):
    """Today's photos cost what a day may cost."""

    code = "face_budget_spent"
    retry_after: ClassVar[int] = 3600

    def __init__(self) -> None:
        super().__init__("Today's budget for reading faces is spent; tomorrow there is another one.")


@dataclass(frozen=True, slots=True)
class Bill:
    """`price` in US dollars for 1,000 photos, `daily_budget` in US dollars (0: no bound)."""

    service: str
    price: float
    daily_budget: float

    @property
    def most(self) -> int | None:
        """Photos a day; None where nothing bounds them."""
        if not self.daily_budget or not self.price:
            return None
        return int(self.daily_budget / self.price * 1000 + 1e-6)

    def dollars(self, photos: int) -> float:
        return photos * self.price / 1000

    @contextmanager
    def photo(self) -> Iterator[None]:
        """One photo on its way. Counted before it is sent: who is killed meanwhile has counted one too many, never one
        too few. One that the service did not answer costs nothing, and is taken off again.

        Raises BudgetSpentError.
        """
        if not self._took_one():
            raise BudgetSpentError
        try:
            yield
        except GardenError as error:
            PHOTOS.labels(self.service, error.code).inc()
            self._give_one_back()
            raise
        PHOTOS.labels(self.service, ANSWERED).inc()
        DOLLARS.labels(self.service).inc(self.dollars(1))

    def refuse_spent(self) -> None:
        if self.most is None:
            return
        try:
            with _sent_photos() as sent:
                spent = sent.today(self.service) >= self.most
        except Error as error:
            raise AnalyzerUnavailableError(_UNCOUNTED) from error
        if spent:
            raise BudgetSpentError

    def _took_one(self) -> bool:
        """A count that cannot be kept stops photos only where a budget hangs on it."""
        try:
            with _sent_photos() as sent:
                return sent.take(self.service, most=self.most)
        except Error as error:
            logger.warning("A photo for %s is not counted (%s).", self.service, type(error).__name__)
        if self.most is not None:
            raise AnalyzerUnavailableError(_UNCOUNTED)
        return True

    def _give_one_back(self) -> None:
        try:
            with _sent_photos() as sent:
                sent.give_back(self.service)
        except Error as error:
            logger.warning("A photo for %s is counted in vain (%s).", self.service, type(error).__name__)


@contextmanager
def _sent_photos() -> Iterator["SentPhotosQuerySet"]:
    """Photos are read in threads of their own, which must leave no connection to the database behind."""
    from garden.models import SentPhotos

    was_open = connection.connection is not None
    try:
        yield SentPhotos.objects.all()
    finally:
        if not was_open:
            connection.close()
