"""What a face service costs: its photos counted by day, held against a budget before each is sent.

The counts are rows of the database, since a limit of money must hold over all processes, restarts and a flushed cache.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import Error, connection
from prometheus_client import Counter

from garden.errors import GardenError
from garden.faces.base import AnalyzerUnavailableError

if TYPE_CHECKING:
    from garden.models.privacy import SentPhotosQuerySet

logger = logging.getLogger(__name__)
PHOTOS = Counter("garden_face_service_photos", "Photos sent to a face service, by its answer.", ["service", "outcome"])
DOLLARS = Counter("garden_face_service_dollars", "What they cost, by the price of the settings.", ["service"])


class BudgetSpentError(AnalyzerUnavailableError):
    """Today's photos cost what a day may cost."""

    code = "face_budget_spent"
    retry_after: ClassVar[int] = 3600

    def __init__(self) -> None:
        super().__init__("Today's budget for reading faces is spent; tomorrow there is another one.")


@dataclass(frozen=True, slots=True)
class Budget:
    """`price` in US dollars for 1,000 photos, `daily` in US dollars (0: no limit)."""

    service: str
    price: float
    daily: float

    @property
    def most(self) -> int | None:
        """Photos a day; None where nothing limits them."""
        return int(self.daily / self.price * 1000 + 1e-6) if self.daily and self.price else None

    def dollars(self, photos: int) -> float:
        return photos * self.price / 1000

    @contextmanager
    def photo(self) -> Iterator[None]:
        """One photo on its way, counted before it is sent: a process killed meanwhile has counted one too many, never
        one too few. One that the service did not answer costs nothing, and is taken off again.

        Raises BudgetSpentError, or AnalyzerUnavailableError where a limited count cannot be kept.
        """
        with _rows(required=self.most is not None) as sent:
            if not sent.take(self.service, most=self.most):
                raise BudgetSpentError
        try:
            yield
        except GardenError as error:
            PHOTOS.labels(self.service, error.code).inc()
            with _rows(required=False) as sent:
                sent.give_back(self.service)
            raise
        PHOTOS.labels(self.service, "answered").inc()
        DOLLARS.labels(self.service).inc(self.dollars(1))

    def refuse_spent(self) -> None:
        if self.most is None:
            return
        with _rows(required=True) as sent:
            if sent.today(self.service) >= self.most:
                raise BudgetSpentError


@contextmanager
def _rows(*, required: bool) -> Iterator["SentPhotosQuerySet"]:
    """Photos are read in threads of their own, which must leave no connection to the database behind. A database that
    fails stops photos only where the count is `required`."""
    from garden.models import SentPhotos

    was_open = connection.connection is not None
    try:
        yield SentPhotos.objects.all()
    except Error as error:
        if required:
            raise AnalyzerUnavailableError("What reading faces costs cannot be counted now.") from error
        logger.warning("A photo is not counted rightly (%s).", type(error).__name__)
    finally:
        if not was_open:
            connection.close()
