"""How well a face must be seen before its mood is guessed."""

from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_bool, env_choice, env_list

_LIMITS = (
    "least_sharpness",
    "most_sharpness",
    "darkest",
    "brightest",
    "least_eye_distance",
    "most_yaw",
    "most_pitch",
    "most_roll",
    "most_covered",
    "least_live",
)


def limits_in(given: list[str]) -> dict[str, float | None]:
    """`name=number` or `name=off`."""
    return dict(_limit(*(part.strip() for part in pair.partition("=")[::2])) for pair in given)


def _limit(name: str, value: str) -> tuple[str, float | None]:
    if name not in _LIMITS:
        raise ImproperlyConfigured(f"FACE_GATE_LIMITS knows {', '.join(_LIMITS)}, not {name!r}.")
    if value == "off":
        return name, None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise ImproperlyConfigured(f"FACE_GATE_LIMITS: {name} must be `off` or a number from 0 on, not {value!r}.")
    return name, number


FACE_GATE = env_choice("FACE_GATE", ("ask", "always", "off"), "ask")
FACE_GATE_LIMITS = limits_in(env_list("FACE_GATE_LIMITS"))
FACE_SEVERAL = env_choice("FACE_SEVERAL", ("largest", "centre", "refuse"), "largest")
FACE_LIVENESS = env_bool("FACE_LIVENESS", False)
