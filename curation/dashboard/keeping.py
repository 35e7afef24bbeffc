"""Which templates, words, models and seeds make pictures that are kept: of the newest decided ones."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from garden.models import Image

NEWEST = 20_000
LEAST = 5
"""Of fewer pictures a rate says nothing."""
MOST = 40
SEED_RANGES = 16
SEED_SPACE = 2**32
_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)
_FIELDS = ("pk", "state", "verdict", "model", "prompt", "parameters", "slot__template", "slot__seed")
_STATES = Image.State
_VERDICTS = Image.Verdict


class Decided(NamedTuple):
    """A picture that was kept or not."""

    kept: bool
    model: str
    prompt: str
    template: int | None
    seed: int | None


def count_keeping() -> dict[str, Any]:
    """Roll-up: `[name, decided, kept]` of each kind, the most decided first."""
    made = list(decided_pictures())
    return {
        "pictures": len(made),
        "kept": sum(one.kept for one in made),
        "template": _table((one.template, one.kept) for one in made if one.template is not None),
        "model": _table((one.model, one.kept) for one in made if one.model),
        "word": _table((word, one.kept) for one in made for word in words_of(one.prompt)),
        "seed": sorted(_table((_range(one.seed), one.kept) for one in made if one.seed is not None)),
    }


def decided_pictures() -> Iterator[Decided]:
    """The newest ones. Kept: liked and not removed, or published; a copy in the garden is told by its original."""
    found = merge(*(_newest(state, verdict) for state, verdict in _kinds()), key=lambda row: -row[0])
    for _, state, verdict, model, prompt, parameters, template, seed in islice(found, NEWEST):
        kept = state != _STATES.TRASH and (verdict == _VERDICTS.LIKE or state == _STATES.PUBLISHED)
        seed = parameters.get("seed") if seed is None else seed
        yield Decided(kept, model, prompt, template, seed if isinstance(seed, int) else None)


def words_of(prompt: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(prompt)}


def _kinds() -> Iterator[tuple[str, str]]:
    """Each is one walk along an index, so that a million undecided pictures cost nothing."""
    for state in _STATES.values:
        for verdict in ("", *_VERDICTS.values):
            decided = verdict in (_VERDICTS.LIKE, _VERDICTS.DISLIKE)
            if decided or state in (_STATES.PUBLISHED, _STATES.TRASH):
                yield state, verdict


def _newest(state: str, verdict: str) -> Iterator[tuple[Any, ...]]:
    """Read only as far as the others leave room for them."""
    own = Image.objects.filter(state=state, verdict=verdict, published_from=None)
    newest: Iterator[tuple[Any, ...]] = own.order_by("-pk").values_list(*_FIELDS)[:NEWEST].iterator(chunk_size=1_000)
    return newest


def _table(told: Iterable[tuple[Any, bool]]) -> list[list[Any]]:
    decided: Counter[Any] = Counter()
    kept: Counter[Any] = Counter()
    for name, is_kept in told:
        decided[name] += 1
        kept[name] += is_kept
    return [[name, count, kept[name]] for name, count in decided.most_common(MOST) if count >= LEAST]


def _range(seed: int) -> int:
    """Which sixteenth of the 32-bit seeds; larger ones wrap around."""
    return seed % SEED_SPACE * SEED_RANGES // SEED_SPACE
