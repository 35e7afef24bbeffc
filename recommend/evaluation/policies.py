"""What a recommender would have shown, asked of it as it is now."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from django.conf import settings

from garden.backends import build_backend
from garden.errors import RefusedError
from garden.vocabulary import Orientation
from recommend.backends.base import Recommender, VisitorContext, Wanted
from recommend.backends.registry import CHALLENGER_SETTING, SETTING, get_uniform
from recommend.evaluation.log import SLOTS, LoggedSlate

DRAWS = 200


@runtime_checkable
class TellsChances(Protocol):
    """A recommender whose slots differ in nothing but what the earlier ones took, and that knows their chances."""

    def chances(
        self, visitor: VisitorContext, wanted: Wanted, orientation: Orientation, keys: Sequence[str]
    ) -> Sequence[float]:
        """P(keys[t] in slot t | none of keys[:t] in slot t) for every t."""
        ...


Draws = Sequence[tuple[str, ...]]
"""Slates that a target drew, keys by slot."""


@dataclass(frozen=True, slots=True)
class Considered:
    """Of each slot the target's chance of the logged picture; and the slates that it drew, shared between slates.

    A chance is given that the target does not put into a slot what the log shows in an earlier one, since the log
    then cannot show it a second time; so weights have mean 1 whatever was shown before. Where all draws do, the
    slot tells nothing: its chance is nan.
    """

    chances: tuple[float, ...]
    draws: Draws


@dataclass(slots=True)
class Target:
    """A recommender under evaluation.

    It is asked as if by a visitor nobody knows (what it learned of this one since would be hindsight), so slates of
    one visitor group, emotion and favorite are all answered by the same `draws` rankings, with seeds of their own.
    Its chances are counted over the draws unless it tells them.
    """

    name: str
    recommender: Recommender
    draws: int = DRAWS
    slots: int = SLOTS
    _drawn: dict[tuple[str, str, str], dict[Orientation, Draws]] = field(default_factory=dict, repr=False)

    def consider(self, slate: LoggedSlate) -> Considered:
        visitor = VisitorContext("", slate.generation, slate.gender, slate.emotion)
        draws = self._draws_for(slate, visitor)[slate.orientation]
        if isinstance(self.recommender, TellsChances):
            wanted = _wanted(slate, 0, self.slots)
            told = self.recommender.chances(visitor, wanted, slate.orientation, slate.keys)
            return Considered(tuple(told), draws)
        return Considered(tuple(_share(draws, slot, slate.keys) for slot in range(len(slate.keys))), draws)

    def _draws_for(self, slate: LoggedSlate, visitor: VisitorContext) -> dict[Orientation, Draws]:
        context = (slate.group, slate.emotion, slate.favorite)
        if context not in self._drawn:
            self._drawn[context] = self._draw(slate, visitor)
        return self._drawn[context]

    def _draw(self, slate: LoggedSlate, visitor: VisitorContext) -> dict[Orientation, Draws]:
        found: dict[Orientation, list[tuple[str, ...]]] = {orientation: [] for orientation in Orientation}
        for number in range(self.draws):
            images = self.recommender.rank(visitor, _wanted(slate, number, self.slots)).images
            for orientation, ranked in images.items():
                found[orientation].append(tuple(ranked.keys[: self.slots]))
            if not any(ranked.propensities for ranked in images.values()):
                break  # It leaves nothing to chance, so asking again tells nothing new.
        return dict(found)


def _share(draws: Draws, slot: int, logged: Sequence[str]) -> float:
    """How many of the draws that put into this slot what was not logged before it put there what was."""
    there = [keys[slot] for keys in draws if len(keys) > slot and keys[slot] not in logged[:slot]]
    return there.count(logged[slot]) / len(there) if there else math.nan


def _wanted(slate: LoggedSlate, number: int, slots: int) -> Wanted:
    """The seed is not the slate's own: with that, a recommender would only repeat what the log shows."""
    about = f"{slate.group}/{slate.emotion}/{slate.favorite}/{number}"
    seed = hashlib.blake2b(about.encode(), digest_size=16).digest()
    return Wanted(slate.emotion, slate.favorite or None, count=slots, seed=int.from_bytes(seed))


NAMES = ("champion", "challenger", "random")


class UnknownTargetError(RefusedError):
    """The name is neither one of ours nor a class."""

    code = "unknown_recommender"


def target_of(name: str, options: Mapping[str, Any], draws: int = DRAWS, slots: int = SLOTS) -> Target:
    """`champion` and `challenger` of the settings, `random`, or the dotted path of a backend with its options.

    Raises UnknownTargetError, MisconfiguredError.
    """
    if name == "random":
        return Target(name, get_uniform(), draws, slots)
    setting, entry = _entry(name, options)
    if not entry.get("BACKEND"):
        raise UnknownTargetError(f"The settings name no {name} ({setting}).")
    recommender = build_backend(setting, entry, Recommender)
    return Target(name, recommender, draws, slots)


def _entry(name: str, options: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if name == "champion":
        return SETTING, settings.RECOMMENDER
    if name == "challenger":
        return CHALLENGER_SETTING, settings.RECOMMENDER_CHALLENGER
    if "." not in name:
        raise UnknownTargetError(f"{name!r} is none of {', '.join(NAMES)} and no dotted path of a backend.")
    return "evaluate_recommender", {"BACKEND": name, "OPTIONS": options}
