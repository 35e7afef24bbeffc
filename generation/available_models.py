"""What curators can choose to make pictures with: engines, and the models of theirs that are at hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from generation.engines.base import Engine, EngineUnavailableError
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.cards import ModelCard
from generation.engines.painter import PainterEngine
from generation.engines.registry import get_engine
from generation.models import Worker


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """An engine and one of its models ("" is the engine's own); `card` is what is known of a diffusion model."""

    engine: str
    model: str = ""
    card: ModelCard | None = None
    is_painter: bool = False

    @property
    def value(self) -> str:
        """What a form sends."""
        return f"{self.engine}|{self.model}"


def available_models() -> list[AvailableModel]:
    """Every engine of the settings, the default one first, with its models that are on this machine or on a worker."""
    names = sorted(settings.GENERATION_ENGINES, key=lambda name: name != settings.GENERATION_DEFAULT_ENGINE)
    return [model for name in names for model in _models_of(name, get_engine(name))]


def _models_of(name: str, engine: Engine) -> Iterator[AvailableModel]:
    if isinstance(engine, DiffusersEngine):
        loaded = set(Worker.objects.online().values_list("model", flat=True))
        cards = engine.cards()
        yield AvailableModel(name, "", cards.pop(engine.default_model))
        at_hand = (card for card in cards.values() if card.name in loaded or _here(engine, card))
        yield from (AvailableModel(name, card.name, card) for card in at_hand)
    else:
        yield AvailableModel(name, is_painter=isinstance(engine, PainterEngine))


def _here(engine: DiffusersEngine, card: ModelCard) -> bool:
    try:
        engine.files(card, offline=True)
    except (EngineUnavailableError, ImportError):
        return False
    return True
