"""One orientation of a wall while its next pictures are chosen. Plain rows in, pictures by slot number out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from garden.models import Hanging, Image
from garden.models.display import SLOTS
from garden.walls.candidates import Lists

_NOWHERE = "nowhere"


class Side:
    """`lists` may be hung, in their order, `places` slots of each; rows in `resting` stay where they are."""

    def __init__(self, rows: Mapping[int, Hanging], resting: set[int], lists: Lists, places: Mapping[str, int]) -> None:
        self.put: dict[int, Image] = {}
        self._rows, self._resting, self._lists, self._places = rows, resting, lists, places
        self._hung = {number: row.image_id for number, row in rows.items()}
        self._list_of = {image.pk: name for name, images in lists.items() for image in images}
        self._place_of = {image.pk: place for images in lists.values() for place, image in enumerate(images)}
        self._latest: dict[str, int] = {}
        for row in sorted(rows.values(), key=lambda row: row.hung_at):
            self._note(row.image_id)

    def fill(self) -> None:
        """Every empty slot, with pictures that hang already where there are no others: no screen stays blank."""
        for number in SLOTS:
            if number not in self._hung:
                self._hang(number, self._next() or self._rarest())

    def begin(self) -> None:
        """Exchange whatever is not of the programme."""
        for number, image in list(self._hung.items()):
            if number not in self._resting and image not in self._list_of:
                del self._hung[number]
        self.fill()

    def turn(self) -> None:
        """Exchange one picture for one that does not hang yet, if there is any."""
        numbers = [number for number in self._hung if number not in self._resting and number not in self.put]
        if not numbers:
            return
        number = min(numbers, key=self._worth)
        before = self._hung.pop(number)
        image = self._next(besides=before)
        if image is None:
            self._hung[number] = before
        else:
            self._hang(number, image)

    def _hang(self, number: int, image: Image | None) -> None:
        if image is not None:
            self.put[number], self._hung[number] = image, image.pk
            self._note(image.pk)

    def _note(self, image: int) -> None:
        if image in self._list_of:
            self._latest[self._list_of[image]] = self._place_of[image]

    def _worth(self, number: int) -> tuple[bool, datetime]:
        """What has no place any more and what hangs twice goes first, then what has hung longest."""
        image = self._hung[number]
        name = self._list_of.get(image, _NOWHERE)
        spare = self._missing()[name] < 0 or list(self._hung.values()).count(image) > 1
        return (not spare, self._rows[number].hung_at)

    def _missing(self) -> Counter[str]:
        """How many slots each list has and does not fill."""
        missing = Counter(self._places)
        missing.subtract(self._list_of.get(image, _NOWHERE) for image in self._hung.values())
        return missing

    def _next(self, besides: int | None = None) -> Image | None:
        """The next picture that does not hang, of the list that most is missing of."""
        hung = {*self._hung.values(), besides}
        for images in self._by_need():
            for image in images:
                if image.pk not in hung:
                    return image
        return None

    def _rarest(self) -> Image | None:
        hung = Counter(self._hung.values())
        images = [image for images in self._by_need() for image in images]
        return min(images, key=lambda image: hung[image.pk], default=None)

    def _by_need(self) -> Iterable[list[Image]]:
        """The lists, each from its latest hung picture on."""
        missing = self._missing()
        for name in sorted(self._lists, key=lambda name: -missing[name]):
            begin = self._latest.get(name, -1) + 1
            yield [*self._lists[name][begin:], *self._lists[name][:begin]]
