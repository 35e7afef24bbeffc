"""The rows of `benchmarks.gpu`, and how far pictures are from each other."""

import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engines.base import Picture

Row = dict[str, Any]


class Report:
    """Rows as they are measured: printed at once, and written, so that a cut-off run has shown what it found."""

    def __init__(self, seconds: float, path: Path | None) -> None:
        self._ends, self._path = time.monotonic() + seconds, path
        self.rows: list[Row] = []

    def has_time(self) -> bool:
        return time.monotonic() < self._ends

    def add(self, shape: str, what: str, **measured: Any) -> None:
        self.rows.append({"shape": shape, "what": what, **measured})
        print(f"{shape:<6} {what:<34}", "  ".join(f"{name} {value}" for name, value in measured.items()), flush=True)
        if self._path:
            self._path.write_text(json.dumps({"machine": machine(), "rows": self.rows}, indent=2))


def pixels(made: Any) -> NDArray[np.int64]:
    return np.asarray(made.image if isinstance(made, Picture) else made).astype(np.int64)


def difference(ones: Sequence[Any], others: Sequence[Any]) -> Row:
    each = [float(np.abs(pixels(one) - pixels(other)).mean()) for one, other in zip(ones, others, strict=True)]
    return {"mean difference": round(float(np.mean(each)), 3)}


def encoder_distance(ones: Sequence[Any], others: Sequence[Any], models: Path | None) -> Row:
    """1 − cosine of what the garden's picture encoder makes of both; `models` is the folder of `build_models`."""
    if models is None:
        return {}
    from generation.engines.diffusers.comparison import picture_distance
    from recommend.encoders import EfficientNetEncoder

    return {"encoder distance": picture_distance(EfficientNetEncoder(models=models), ones, others)}


def memory() -> Row:
    import torch

    return {"peak GiB": round(torch.cuda.max_memory_allocated() / 1024**3, 1)} if torch.cuda.is_available() else {}


def machine() -> str:
    import diffusers
    import torch

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else platform.machine()
    return f"{device}, torch {torch.__version__}, diffusers {diffusers.__version__}"
