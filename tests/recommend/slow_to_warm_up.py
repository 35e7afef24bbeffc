"""A recommender that is warm once a file says so."""

import time
from dataclasses import dataclass
from pathlib import Path

from recommend.backends.embedded import EmbeddedRecommender


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRecommender(EmbeddedRecommender):
    until: str

    def warm_up(self) -> None:
        while not Path(self.until).exists():
            time.sleep(0.05)
        EmbeddedRecommender.warm_up(self)
