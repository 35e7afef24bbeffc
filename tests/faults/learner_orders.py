"""What a learner can be told to do; each is answered with one line."""

import random
from hashlib import sha256

from garden.models import Image
from recommend.backends.embedded.events import read_events
from recommend.backends.embedded.ledger_consumer import LedgerConsumer
from recommend.backends.embedded.snapshots import make_model, pack_model, state_version
from recommend.bandit.slate_model import SlateModel
from recommend.models import Description, Interaction, Ledger
from recommend.services.descriptions import describe_missing
from recommend.services.likes import Like, record_like
from tests.support.factories import ImageFactory


class Orders:
    def __init__(self, name: str) -> None:
        self.name = name
        self.consumer = LedgerConsumer(make_model, state_version(), poll_seconds=0)

    def plant(self, count: int) -> str:
        """So many pictures, described."""
        keys = [f"emotions/calm/img_{number}_0h.jpeg" for number in range(count)]
        return str(sum(describe_missing(images=[ImageFactory(key=key, prompt=key) for key in keys])))

    def like(self, count: int) -> str:
        """So many likes, each learned at once."""
        keys = list(Image.objects.values_list("key", flat=True))
        for number in range(count):
            shown = random.sample(keys, 3)
            record_like(like=Like(visitor_id=f"{self.name}-{number // 3}", item=shown[0], impression=shown))
            with self.consumer.at_head():
                pass
        return "done"

    def keep(self, _: int) -> str:
        """A snapshot, if it is due."""
        return str(self.consumer.save_state(events=1, seconds=0))

    def digest(self, _: int) -> str:
        """Of the state this process has."""
        with self.consumer.at_head() as (model, _position):
            return _digest(model)

    def fold(self, _: int) -> str:
        """Of the state folded from the beginning."""
        model, ledger = make_model(), Ledger.objects.current()
        for entry in read_events(after=0, to=ledger.head, base=ledger.base):
            entry.teach(model)
        return _digest(model)

    def numbers(self, _: int) -> str:
        """How many the ledger gave, if there are no gaps."""
        given = [*Interaction.objects.values_list("sequence", flat=True)]
        given += Description.objects.values_list("sequence", flat=True)
        whole = sorted(given) == list(range(1, Ledger.objects.current().head + 1))
        return str(len(given)) if whole else "gaps"


def _digest(model: SlateModel) -> str:
    return sha256(pack_model(model)).hexdigest()
