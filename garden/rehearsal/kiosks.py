"""A kiosk as its page behaves: whole visits, one after the other, and a heartbeat."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from garden.rehearsal.asking import Asker
from garden.rehearsal.clock import Clock, Pulse
from garden.rehearsal.freshness import Freshness
from garden.rehearsal.visitors import VisitPlan
from garden.rehearsal.visits import Picture, StoppedError, Visit
from garden.rehearsal.walls import HEARTBEAT, VERSION

SCREEN_SIDE = 1280
ACCEPTED = {"Accept": "image/avif,image/webp,*/*"}
CACHED_PICTURES = 500
PICTURE = "/picture (kiosk)"


@dataclass(slots=True)
class Kiosk:
    asker: Asker
    clock: Clock
    freshness: Freshness
    faces: Sequence[bytes]
    nobody: bytes
    zone: str
    orientation: str = "portrait"
    has_wall: bool = True
    pulse: Pulse = field(init=False)
    _moment: str = "attract"
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def __post_init__(self) -> None:
        self.pulse = Pulse(self.clock, self._tell)

    def run(self, next_visitor: Callable[[], VisitPlan | None], day_seconds: float, done: Callable[[], None]) -> None:
        """Take the next visitor in line, until none is left."""
        while (plan := next_visitor()) is not None:
            self.enter("attract")
            if not self.pulse.rest(plan.arrives * day_seconds - self.clock.seconds):
                break
            try:
                Visit(self, plan).happen()
            except StoppedError:
                break
            done()
        self.asker.close()

    def enter(self, moment: str) -> None:
        if moment != self._moment:
            self._moment = moment
            self.pulse.soon()

    def show(self, pictures: list[Picture]) -> None:
        """Load what the browser has not loaded before."""
        for picture in pictures:
            path = f"/picture/{SCREEN_SIDE}/{quote(picture['key'])}"
            if path not in self._seen:
                self.asker.get(PICTURE, path, headers=ACCEPTED)
            self._seen[path] = None
            self._seen.move_to_end(path)
        while len(self._seen) > CACHED_PICTURES:
            self._seen.popitem(last=False)

    def _tell(self) -> None:
        said = {
            "version": VERSION,
            "on_screen": self._moment,
            "screen": "1080x1920",
            "started_at": self._started_at,
            "problem": "",
        }
        self.asker.post(HEARTBEAT, said, fine=(204,))
