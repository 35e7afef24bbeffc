"""The simulated garden that recommenders are compared in: as hard with one seed as with another, and nobody cheats."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from benchmarks.simulator import ours
from benchmarks.simulator.crowd import sessions_of
from benchmarks.simulator.entries import ENTRIES, OURS, RANDOM
from benchmarks.simulator.play import Ask, Kiosk, Player
from benchmarks.simulator.world import GARDENS, KINDS, SIDES, Items, World

PICTURES, SESSIONS = 1_600, 40
CALIBRATED = GARDENS["calibrated"]


@pytest.fixture(scope="module")
def world() -> World:
    return World.of(PICTURES, 100, CALIBRATED)


class Watched(Player):
    """Another player, of whose orders and shown slates a list is kept."""

    def __init__(self, player: Player) -> None:
        super().__init__(player.world, player.rng)
        self.player = player
        self.asked = list[Ask]()
        self.shown = list[tuple[Ask, Items]]()

    def order(self, ask: Ask) -> Items:
        self.asked.append(ask)
        return self.player.order(ask)

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        self.shown.append((ask, slate))
        self.player.learn(ask, slate, liked)


@pytest.mark.parametrize("seed", [100, 101])
def test_common_taste_and_context_weigh_the_same_in_every_calibrated_world(seed: int) -> None:
    tastes = World.of(32, seed, CALIBRATED).tastes
    assert np.linalg.norm(tastes.mean(0)) == pytest.approx(CALIBRATED.shared)
    own = tastes.reshape(*KINDS, -1)
    cells = np.sqrt(((own - own.mean((0, 1, 2))) ** 2).sum(-1).mean())
    assert cells == pytest.approx(CALIBRATED.context, rel=0.1)  # Cells and moods may lean the same way by chance.


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("name", ENTRIES)
def test_nobody_is_shown_a_picture_twice_or_one_of_another_mood(name: str, again: bool, world: World) -> None:
    watched = Watched(ENTRIES[name](world, np.random.default_rng(1)))
    Kiosk(SESSIONS, again=again, returning=0.5).play(watched, world, seed=1)
    assert len(watched.shown) > SESSIONS
    seen = defaultdict[int, set[int]](set)
    for ask, shown in watched.shown:
        session, known = ask.session, seen[ask.session.visitor]
        assert known.isdisjoint(shown.tolist())
        known.update(shown.tolist())
        assert set(world.places[shown].tolist()) == {session.kinds[0] * SIDES + session.side}
        assert shown.max() < world.there(session.number, SESSIONS)


def test_a_paged_kiosk_asks_once_a_visit(world: World) -> None:
    watched = Watched(ENTRIES[RANDOM](world, np.random.default_rng(1)))
    Kiosk(SESSIONS, again=False).play(watched, world, seed=1)
    assert [ask.session.number for ask in watched.asked] == list(range(SESSIONS))


def test_our_recommender_explores_as_much_as_a_garden_does(settings: Any) -> None:
    assert ours.CHANCE == (settings.EXPLORATION_FLOOR, settings.EXPLORATION_CEILING)


def test_our_recommender_learns_what_is_liked(world: World) -> None:
    chance, learned = (
        Kiosk(300).play(ENTRIES[name](world, np.random.default_rng(1)), world, 1).rate(150) for name in (RANDOM, OURS)
    )
    assert learned > 1.3 * chance


def test_who_is_told_preferences_expects_of_visitors_what_those_who_are_read_so_want(world: World) -> None:
    told = ours.InformedSlates(world, np.random.default_rng(1))
    alike = defaultdict[tuple[int, ...], list[Any]](list)
    for session in sessions_of(world, 20_000, 0.0, seed=1):
        alike[session.read].append(session.taste)
    read, tastes = max(alike.items(), key=lambda each: len(each[1]))
    mean, covariance = told._expected(read)
    assert np.mean(tastes, 0) == pytest.approx(mean, abs=0.06)
    assert np.trace(np.cov(np.array(tastes).T)) == pytest.approx(np.trace(covariance), rel=0.1)


def test_who_is_told_preferences_does_better_in_the_first_visits(world: World) -> None:
    learned, told = (
        Kiosk(60).play(player(world, np.random.default_rng(1)), world, 1).rate()
        for player in (ours.SlatePlayer, ours.InformedSlates)
    )
    assert told > learned
