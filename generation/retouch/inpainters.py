"""Engines of the settings that can repaint."""

from django.conf import settings

from garden.errors import GardenError
from generation.engines.inpainting import Ability, Inpainter, UnsupportedAbilityError
from generation.engines.registry import get_engine
from generation.models import Version, Worker
from generation.retouch.errors import BadSettingError
from generation.retouch.settings import RetouchSettings


def engine_name(wishes: RetouchSettings) -> str:
    return wishes.engine or str(settings.GENERATION_DEFAULT_ENGINE)


def get_inpainter(name: str) -> Inpainter:
    """The engine configured under `name`. Raises UnsupportedAbilityError where it only makes pictures from nothing."""
    if name not in settings.GENERATION_ENGINES:
        raise BadSettingError("engine", f"must be one of {', '.join(settings.GENERATION_ENGINES)}")
    engine = get_engine(name)
    if not isinstance(engine, Inpainter):
        raise UnsupportedAbilityError(f"The engine {name} cannot change pictures.", field="engine")
    return engine


def can_repaint_now() -> bool:
    """Whether a worker that was heard in the last minute makes pictures with an engine that repaints."""
    online = Worker.objects.online().values_list("engines", flat=True)
    return any(_repaints(name) for name in {engine for engines in online for engine in engines})


def _repaints(name: str) -> bool:
    try:
        get_inpainter(name).abilities()
    except GardenError:
        return False
    return True


def ignored_words(version: Version) -> tuple[str, ...]:
    """Words of a version's prompt that its engine does not draw; none where that engine is not there any more."""
    wishes = version.wishes
    try:
        inpainter = get_inpainter(version.engine or engine_name(wishes))
    except GardenError:
        return ()
    return inpainter.ignored_words(wishes.prompt_text, wishes.strength)


def refuse_unable_wishes(wishes: RetouchSettings) -> None:
    """Before anything is saved: what the engine could never do. Raises UnsupportedAbilityError, BadSettingError."""
    able = get_inpainter(engine_name(wishes)).abilities(wishes.model)
    wanted = {
        "line_weight": (wishes.line_weight > 0, Ability.LINE_ART),
        "reference_weight": (wishes.reference_weight > 0, Ability.REFERENCE),
        "sampler": (bool(wishes.sampler), Ability.SAMPLERS),
    }
    for field, (asked, ability) in wanted.items():
        if asked and ability not in able:
            raise UnsupportedAbilityError(f"{field}: this engine or model has no {ability.value}.", field=field)
