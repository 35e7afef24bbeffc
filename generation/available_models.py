"""Engines and models that curators can choose, and which of them can repaint."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from garden.errors import GardenError
from generation.backends import get_engine
from generation.engines.base import Ability, Engine, Inpainter, UnsupportedAbilityError, refuse_unable
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.cards import EXACT, ModelCard
from generation.engines.diffusers.comparison import read_distances
from generation.engines.painter import PainterEngine
from generation.models import Version, Worker
from generation.retouch.settings import BadSettingError, RetouchSettings


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """An engine and one of its models ("" is the engine's default); `card` describes a diffusion model.

    `mode` is a faster mode of the model, and `distance` how far its pictures are from exact ones, where the site
    compared them (`manage.py models compare`).
    """

    engine: str
    model: str = ""
    card: ModelCard | None = None
    is_painter: bool = False
    mode: str = ""
    distance: float | None = None

    @property
    def value(self) -> str:
        """The value in forms."""
        return f"{self.engine}|{self.model}"

    @property
    def controls(self) -> frozenset[Ability]:
        """The settings that change its pictures, besides prompt, size and seed."""
        if self.is_painter:
            return frozenset()
        if self.card and not self.card.guided:
            return frozenset({Ability.STEPS})
        return frozenset({Ability.STEPS, Ability.GUIDANCE, Ability.NEGATIVE})


def available_models() -> list[AvailableModel]:
    """Every configured engine, the default first, with its models on this machine or on a worker."""
    names = sorted(settings.GENERATION_ENGINES, key=lambda name: name != settings.GENERATION_DEFAULT_ENGINE)
    return [model for name in names for model in _models_of(name, get_engine(name))]


def _models_of(name: str, engine: Engine) -> Iterator[AvailableModel]:
    if isinstance(engine, DiffusersEngine):
        loaded = {model.partition(":")[0] for model in Worker.objects.online().values_list("model", flat=True)}
        cards = engine.cards()
        default = cards.pop(engine.default_model)
        yield AvailableModel(name, "", default)
        yield from _faster_modes(name, engine, default)
        for card in cards.values():
            if card.name in loaded or engine.has_files(card):
                yield AvailableModel(name, card.name, card)
                yield from _faster_modes(name, engine, card)
    else:
        yield AvailableModel(name, is_painter=isinstance(engine, PainterEngine))


def _faster_modes(name: str, engine: DiffusersEngine, card: ModelCard) -> Iterator[AvailableModel]:
    distances = read_distances(engine.warm_cache, card)
    for mode in card.speeds:
        if mode != EXACT.name:
            yield AvailableModel(name, f"{card.name}:{mode}", card, mode=mode, distance=distances.get(mode))


def engine_name(requested: RetouchSettings) -> str:
    return requested.engine or str(settings.GENERATION_DEFAULT_ENGINE)


def get_inpainter(name: str) -> Inpainter:
    """The engine configured under `name`. Raises UnsupportedAbilityError if it cannot repaint."""
    if name not in settings.GENERATION_ENGINES:
        raise BadSettingError("engine", f"must be one of {', '.join(settings.GENERATION_ENGINES)}")
    engine = get_engine(name)
    if not isinstance(engine, Inpainter):
        raise UnsupportedAbilityError(f"The engine {name} cannot change pictures.", field="engine")
    return engine


def can_repaint_now() -> bool:
    """Whether an online worker has an engine that can repaint."""
    online = Worker.objects.online().values_list("engines", flat=True)
    return any(_repaints(name) for name in {engine for engines in online for engine in engines})


def _repaints(name: str) -> bool:
    try:
        get_inpainter(name).abilities()
    except GardenError:
        return False
    return True


def ignored_words(version: Version) -> tuple[str, ...]:
    """Words of a version's prompt that its engine ignores; none if the engine no longer exists."""
    requested = version.settings
    try:
        inpainter = get_inpainter(version.engine or engine_name(requested))
    except GardenError:
        return ()
    return inpainter.ignored_words(requested.prompt_text, requested.strength)


def refuse_unable_settings(requested: RetouchSettings) -> None:
    """Raises UnsupportedAbilityError and BadSettingError for settings that the engine does not support."""
    refuse_unable(
        get_inpainter(engine_name(requested)).abilities(requested.model),
        line_weight=requested.line_weight > 0,
        reference_weight=requested.reference_weight > 0,
        sampler=bool(requested.sampler),
    )
