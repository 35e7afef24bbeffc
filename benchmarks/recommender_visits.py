"""What other beliefs about a visitor would be worth over a whole visit, in the simulated garden.

    python -m benchmarks.recommender_visits [--pictures 20000] [--seeds 8] [--sessions 20000] [--stop 3500] [--every 4]

Ours plays as in `benchmarks.recommender`, for the first `--stop` of `--sessions` visits. From visit 200 on every fourth
visit is also gone through, unseen, by who starts with another belief about the visitor and learns from their answers;
what is believed of everybody stays. Answers are drawn by the same lots; slates are made without chance and rated by the
true probability of a like. Printed is the difference to the belief, in hundredths, and its standard error.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.simulator.crowd import MISREAD, Session, any_like, choice
from benchmarks.simulator.entries import world_of
from benchmarks.simulator.ours import SlatePlayer
from benchmarks.simulator.play import Ask, Items, play
from benchmarks.simulator.world import KINDS, World
from recommend.bandit.context import slate_impression
from recommend.bandit.inference import Doubles
from recommend.bandit.policy import SlatePolicy, rank
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.visitors import Memory

_NO_CHANCE = SlatePolicy(depth=3, epsilon=1e-12, temperature=1e-9)
_FIRST = 200

Start = Callable[[SlateModel, Session, Memory], Memory]
AS_BELIEVED = "as believed"


def wider(_model: SlateModel, _session: Session, memory: Memory, *, times: float) -> Memory:
    """Visitors' own weights differ more."""
    prior = times * memory.prior
    return Memory(*memory.under(prior), prior)


def misread(model: SlateModel, session: Session, memory: Memory, *, times: float = 1.0) -> Memory:
    """Each other context adds its difference to the one that was read, as probable as it is to be the true one."""
    here, covariance = _weights(model, session), memory.covariance.copy()
    for chance, other in _others(session):
        apart = _weights(model, other) - here
        covariance += times * chance * np.outer(apart, apart)
    return Memory(memory.mean, covariance, memory.prior)


STARTS: dict[str, Start] = {
    AS_BELIEVED: lambda _model, _session, memory: memory,
    "variances × .67": partial(wider, times=0.67),
    "variances × 1.5": partial(wider, times=1.5),
    "variances × 2.5": partial(wider, times=2.5),
    "misread contexts": misread,
    "misread contexts, × 4": partial(misread, times=4.0),
}


@dataclass(slots=True)
class Visit:
    """One visit gone through again and again; `ask` is how it began."""

    player: SlatePlayer
    ask: Ask

    def rates(self, start: Start) -> list[float]:
        """The true chance of a like of each slate."""
        model, session, seen = self.player.model, self.ask.session, self.ask.seen
        memory, rates = self._start(start), list[float]()
        for lots in session.lots:
            slate = self._slate(memory, seen)
            utilities = self.player.world.utilities(slate, session.taste, self.ask.days[slate])
            rates.append(any_like(utilities))
            liked, features = np.arange(len(slate)) == choice(utilities, lots), self.player.world.features[slate]
            model.replay(slate_impression(0, str(session.visitor), session.context, slate, features, liked), memory)
            seen = np.concatenate([seen, slate])
        return rates

    def _start(self, start: Start) -> Memory:
        model, session = self.player.model, self.ask.session
        memory = model.memory_of(str(session.visitor), lambda: self.player.impressions[session.visitor])
        prior = model.visitors.prior
        begun = start(model, session, Memory(*memory.under(prior), prior))
        return Memory(begun.mean.copy(), begun.covariance.copy(), begun.prior)

    def _slate(self, memory: Memory, seen: Items) -> Items:
        belief = replace(self.player.model.belief_with(self.ask.session.context, memory), seen=seen)
        rng, pool = np.random.default_rng(0), self.player.pool
        return pool.items[rank(pool, belief, self.player.model.effects, rng, policy=_NO_CHANCE, count=3).order]


class GoingThrough(SlatePlayer):
    """`visits`: of each visit gone through, the sums of its rates by start, how many slates, whether it was misread."""

    def __init__(self, world: World, rng: np.random.Generator, every: int) -> None:
        super().__init__(world, rng)
        self.every, self.last = every, -1
        self.visits: list[tuple[dict[str, float], int, bool]] = []

    def slate(self, ask: Ask) -> Items:
        shown, session = super().slate(ask), ask.session
        if session.number != self.last and session.number >= _FIRST and session.number % self.every == 0:
            sums = {name: sum(Visit(self, ask).rates(start)) for name, start in STARTS.items()}
            self.visits.append((sums, len(session.lots), session.read != session.kinds))
        self.last = session.number
        return shown


def main() -> None:
    arguments = _arguments()
    for seed in arguments.seeds:
        world = world_of(arguments.pictures, seed)
        player = GoingThrough(world, np.random.default_rng([seed, 2]), arguments.every)
        play(player, world, arguments.sessions, seed, stop=arguments.stop)
        slates, was_misread = (np.array([visit[field] for visit in player.visits]) for field in (1, 2))
        sums = {name: np.array([visit[0][name] for visit in player.visits]) for name in STARTS}
        print(f"seed {seed}: {len(slates)} visits, like-rate {sums[AS_BELIEVED].sum() / slates.sum():.4f}", flush=True)
        for name in list(STARTS)[1:]:
            gained = sums[name] - sums[AS_BELIEVED]
            parts = {"all": was_misread | True, "misread": was_misread, "read well": ~was_misread}
            reported = (f"{part} {_points(gained[chosen], slates[chosen])}" for part, chosen in parts.items())
            print(f"{name:<24}" + "   ".join(reported), flush=True)


def _points(gained: Doubles, slates: Doubles) -> str:
    """Hundredths a slate, and the standard error of that, over visits of so many slates."""
    mean = gained.sum() / slates.sum()
    error = np.sqrt(((gained - mean * slates) ** 2).sum()) / slates.sum()
    return f"{100 * mean:+.3f} ± {100 * error:.3f}"


def _weights(model: SlateModel, session: Session) -> Doubles:
    return model.belief(session.context).mean


def _others(session: Session) -> Iterator[tuple[float, Session]]:
    """The same session as it would be with one of its kinds read otherwise, and how probable that is."""
    for place, (count, wrong) in enumerate(zip(KINDS, MISREAD, strict=True)):
        for kind in set(range(count)) - {session.read[place]}:
            read = (*session.read[:place], kind, *session.read[place + 1 :])
            yield wrong / (count - 1), replace(session, read=read)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[8])
    parser.add_argument("--sessions", type=int, default=20_000)
    parser.add_argument("--stop", type=int, default=3_500, help="visits that are played")
    parser.add_argument("--every", type=int, default=4, help="visits from one that is gone through to the next")
    return parser.parse_args()


if __name__ == "__main__":
    main()
