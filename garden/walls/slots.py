"""Names of slots: number and side, as in `3h`."""

from garden.models.display import SLOTS, side_letter
from garden.vocabulary import Orientation

_SIDES = {side_letter(orientation): orientation.value for orientation in Orientation}


def slot_name(orientation: str, number: int) -> str:
    return f"{number}{side_letter(orientation)}"


def slot_place(name: str) -> tuple[str, int]:
    """Orientation and number of a slot's name. Raises ValueError for what is no slot."""
    orientation, number = _SIDES.get(name[-1:], ""), name[:-1]
    if not orientation or not number.isdecimal() or int(number) not in SLOTS:
        raise ValueError(f"{name!r} is not a slot: a number from {SLOTS[0]} to {SLOTS[-1]}, and h or v.")
    return orientation, int(number)
