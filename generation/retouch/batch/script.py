"""The batch script of the seed's retouching client, in the words of our recipes.

Its `range` is of the first number in a file's name. `maskExpand` and `maskShrink` count rounds with a round brush 20
pixels wide: 10 pixels each. With `bodyRegion` "face" it works on the face's own rectangle, with "all" on the whole
picture, where its mask is what its browser model took for a person; here that is the thing that stands out (`segment`).
`fillAll` masks the whole rectangle. Its other settings were those of the page: here they come as `settings`.
"""

from collections.abc import Mapping
from typing import Any

from generation.retouch.errors import BadRecipeError
from generation.retouch.regions import ALL, FACE, REACHES, SEGMENT

BODY_REGION = "bodyRegion"
KNOWN = ("range", BODY_REGION, "maskExpand", "maskShrink", "fillAll", "settings")
ROUND = 10
"""Pixels of one round."""
MOST_ROUNDS = REACHES["expand"][1] // ROUND


def is_script(given: Mapping[str, Any]) -> bool:
    return not set(KNOWN[1:-1]).isdisjoint(given)


def read_script(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same as JSON of a recipe. Raises BadRecipeError in the client's own words."""
    if unknown := sorted(set(map(str, given)) - set(KNOWN)):
        raise BadRecipeError(unknown[0], f"is not known; a client's script has {', '.join(KNOWN)}")
    body, fill = given.get(BODY_REGION, "all"), given.get("fillAll", False)
    if body not in ("all", "face"):
        raise BadRecipeError(BODY_REGION, "must be all or face: bodies are not found here")
    if not isinstance(fill, bool):
        raise BadRecipeError("fillAll", "must be true or false")
    region = FACE if body == "face" else ALL if fill else SEGMENT
    return {
        "numbers": given.get("range", "0...Infinity"),
        "region": region,
        "part": "region" if body == "face" else "picture",
        "expand": _pixels("maskExpand", given),
        "shrink": _pixels("maskShrink", given),
        "fill": fill,
        "settings": given.get("settings", {}),
    }


def _pixels(name: str, given: Mapping[str, Any]) -> int:
    rounds = given.get(name, 0)
    if isinstance(rounds, bool) or not isinstance(rounds, int) or not 0 <= rounds <= MOST_ROUNDS:
        raise BadRecipeError(name, f"must be a whole number from 0 to {MOST_ROUNDS}")
    return rounds * ROUND
