"""The recommenders that are compared, by name."""

from collections.abc import Callable

import numpy as np

from benchmarks.simulator.counting import Chance, Popularity, Thompson
from benchmarks.simulator.linucb import LinUcb
from benchmarks.simulator.oracles import ContextOracle
from benchmarks.simulator.ours import InformedSlates, SlatePlayer
from benchmarks.simulator.plain import PlainSlates
from benchmarks.simulator.play import Player
from benchmarks.simulator.vw import VowpalWabbit
from benchmarks.simulator.world import World

RANDOM, OURS, CEILING = "random", "ours", "oracle: context"
ENTRIES: dict[str, Callable[[World, np.random.Generator], Player]] = {
    RANDOM: Chance,
    "like-rate": Popularity,
    "Thompson": Thompson,
    "Vowpal Wabbit": VowpalWabbit,
    "LinUCB": LinUcb,
    "plain slate model": PlainSlates,
    OURS: SlatePlayer,
    "ours, told preferences": InformedSlates,
    CEILING: ContextOracle,
}
