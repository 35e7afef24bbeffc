"""What pictures cost: the measured rate of this site's workers, and the site's price for an hour of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language, to_locale

from generation.models import Worker


@dataclass(frozen=True, slots=True)
class EngineRate:
    """An engine at this site: the devices of its workers, what one of them makes, and what an hour of it costs.

    `seconds_each` is None where no picture was made within a day, `price` where the site set none.
    """

    engine: str
    devices: tuple[str, ...]
    seconds_each: float | None
    price: Decimal | None

    @property
    def per_minute(self) -> float | None:
        return 60 / self.seconds_each if self.seconds_each else None

    def cost_of(self, seconds: float | None) -> Decimal | None:
        """Of so much time of one worker; None where it, or the price, is unknown."""
        return None if seconds is None or self.price is None else self.price * Decimal(seconds) / 3_600


def rates(engines: Sequence[str]) -> list[EngineRate]:
    """Of these engines, by the workers of the last day."""
    workers = list(Worker.objects.order_by("name").values_list("engines", "device", "seconds_per_picture"))
    return [
        _rate(engine, [(device, seconds) for own, device, seconds in workers if engine in own]) for engine in engines
    ]


def _rate(engine: str, workers: Sequence[tuple[str, float | None]]) -> EngineRate:
    measured = [seconds for _, seconds in workers if seconds]
    return EngineRate(
        engine,
        tuple(dict.fromkeys(device for device, _ in workers if device)),
        fmean(measured) if measured else None,
        settings.ENGINE_PRICES.get(engine),
    )


def show_amount(amount: Decimal) -> str:
    """In the site's currency and the reader's language."""
    return str(format_currency(amount, settings.CURRENCY, locale=to_locale(get_language() or "en")))
