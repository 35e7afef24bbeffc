"""The recommenders that are compared, by name."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.simulator.als import ImplicitAls
from benchmarks.simulator.counting import Chance, EmotionPopularity, MostLiked, Thompson
from benchmarks.simulator.linucb import LinUcb
from benchmarks.simulator.oracles import ContextOracle, VisitorOracle
from benchmarks.simulator.ours import SlatePlayer
from benchmarks.simulator.plain import PlainSlates
from benchmarks.simulator.play import Player
from benchmarks.simulator.vw import VowpalWabbit
from benchmarks.simulator.world import World
from recommend.encoders import Axes

RANDOM, OURS, CEILING = "random", "ours", "oracle: context"
ENTRIES: dict[str, Callable[[World, np.random.Generator], Player]] = {
    RANDOM: Chance,
    "most liked": MostLiked,
    "emotion popularity": EmotionPopularity,
    "Thompson": Thompson,
    "implicit ALS": ImplicitAls,
    "Vowpal Wabbit": VowpalWabbit,
    "LinUCB": LinUcb,
    "plain slate model": PlainSlates,
    OURS: SlatePlayer,
    CEILING: ContextOracle,
    "oracle: visitor": VisitorOracle,
}


def world_of(pictures: int, seed: int) -> World:
    """A world whose features went through the axes of the pictures that are there from the start, for everybody."""
    world = World.of(pictures, np.random.default_rng([seed, 0]))
    tags, seen = world.features[:, :2], world.features[:, 2:]
    projected = Axes.of(seen[: world.there(0, 1)]).project(seen)
    return replace(world, features=np.ascontiguousarray(np.concatenate([tags, projected], axis=1)))
