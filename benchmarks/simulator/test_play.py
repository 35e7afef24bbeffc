"""The simulated garden that recommenders are compared in: as hard with one seed as with another, and nobody cheats."""

from typing import Any

import numpy as np
import pytest

from benchmarks.simulator import ours
from benchmarks.simulator.entries import ENTRIES, OURS, RANDOM, world_of
from benchmarks.simulator.play import Ask, Items, Player, play
from benchmarks.simulator.world import KINDS, Constants, World

PICTURES, SESSIONS = 800, 40


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(PICTURES, 100)


class Watched(Player):
    """Another player, of whose slates a list is kept."""

    def __init__(self, player: Player) -> None:
        super().__init__(player.world, player.rng)
        self.player = player
        self.asked = list[tuple[Ask, Items]]()

    def slate(self, ask: Ask) -> Items:
        shown = self.player.slate(ask)
        self.asked.append((ask, shown.copy()))
        return shown

    def learn(self, ask: Ask, slate: Items, liked: int) -> None:
        self.player.learn(ask, slate, liked)


@pytest.mark.parametrize("seed", [100, 101])
def test_common_taste_and_context_weigh_the_same_in_every_world(seed: int) -> None:
    tastes = World.of(2, np.random.default_rng([seed, 0])).tastes
    assert np.linalg.norm(tastes.mean(0)) == pytest.approx(Constants.shared)
    own = tastes.reshape(*KINDS, -1)
    cells = np.sqrt(((own - own.mean((0, 1, 2))) ** 2).sum(-1).mean())
    assert cells == pytest.approx(Constants.context, rel=0.1)  # Cells and moods may lean the same way by chance.


@pytest.mark.parametrize("name", ENTRIES)
def test_nobody_is_shown_a_picture_twice_nor_one_that_has_not_come_yet(name: str, world: World) -> None:
    watched = Watched(ENTRIES[name](world, np.random.default_rng(1)))
    play(watched, world, SESSIONS, seed=1)
    assert len(watched.asked) > SESSIONS
    for ask, shown in watched.asked:
        assert len(set(shown.tolist())) == 3
        assert set(shown.tolist()).isdisjoint(ask.seen.tolist())
        assert shown.max() < ask.there


def test_our_recommender_explores_as_much_as_a_garden_does(settings: Any) -> None:
    assert ours.CHANCE == (settings.EXPLORATION_FLOOR, settings.EXPLORATION_CEILING)


def test_our_recommender_learns_what_is_liked(world: World) -> None:
    chance, learned = (
        play(ENTRIES[name](world, np.random.default_rng(1)), world, 200, seed=1).rate(100) for name in (RANDOM, OURS)
    )
    assert learned > 1.3 * chance
