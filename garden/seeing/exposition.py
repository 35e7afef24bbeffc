"""Everything that is measured, as one page: what this machine's processes counted, and what the database tells."""

import fcntl
import glob
import logging
import os
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.module_loading import autodiscover_modules
from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from garden.seeing import garden_states
from garden.seeing.states import StatesCollector

__all__ = ["CONTENT_TYPE", "counted_registry", "garden_states", "write_measures"]

logger = logging.getLogger(__name__)
_ADDED_UP = ("counter", "histogram", "summary")
_MERGED = "merged"
_states = CollectorRegistry()
_states.register(StatesCollector())


def write_measures() -> bytes:
    """Every app has its own in `measures.py`."""
    autodiscover_modules("measures")
    return generate_latest(counted_registry()) + generate_latest(_states)


def counted_registry() -> CollectorRegistry:
    """Of this process, or of all that share PROMETHEUS_MULTIPROC_DIR."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(ProcessesCollector(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
    return registry


class ProcessesCollector(MultiProcessCollector):
    """All processes that share a folder. Files of dead ones are merged into one of each type first."""

    def __init__(self, path: str) -> None:
        super().__init__(None, path)  # type: ignore[no-untyped-call]
        self._folder = Path(path)

    def collect(self) -> Iterable[Metric]:
        with _locked(self._folder):
            _merge_dead(self._folder)
            metrics: list[Metric] = list(super().collect())  # type: ignore[no-untyped-call]
        return metrics


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process reads or merges at a time, so that none counts a merged file twice."""
    with (folder / "merge.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _merge_dead(folder: Path) -> None:
    """What dead processes counted stays, in `TYPE_merged.db`; their gauges, states that are over, go."""
    dead = [path for path in map(Path, glob.glob(f"{folder}/*.db")) if _is_dead(_process_of(path))]
    for kind in _ADDED_UP:
        if files := [path for path in dead if path.name.startswith(f"{kind}_")]:
            _merge(files, folder / f"{kind}_{_MERGED}.db")
    for path in dead:
        path.unlink(missing_ok=True)


def _merge(files: list[Path], target: Path) -> None:
    """Add the values up in a new file that takes the target's place in one step."""
    totals: dict[str, float] = defaultdict(float)
    for path in [*files, target]:
        try:
            for key, value, _, _ in MmapedDict.read_all_values_from_file(path):  # type: ignore[no-untyped-call]
                totals[key] += value
        except FileNotFoundError:
            continue
        except (struct.error, RuntimeError, UnicodeDecodeError) as error:
            logger.warning("%s is damaged, what it counted is lost: %s", path.name, error)
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    merged = MmapedDict(str(unfinished))  # type: ignore[no-untyped-call]
    for key, value in totals.items():
        merged.write_value(key, value, 0.0)  # type: ignore[no-untyped-call]
    merged.close()  # type: ignore[no-untyped-call]
    unfinished.replace(target)


def _process_of(path: Path) -> int | None:
    number = path.stem.rpartition("_")[2]
    return int(number) if number.isdigit() else None


def _is_dead(process: int | None) -> bool:
    if process is None:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # Another user's, and alive.
    return False
