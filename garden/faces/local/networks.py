"""The converted networks, loaded once per process and shared by its threads."""

import ctypes
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garden.faces.base import AnalyzerUnavailableError, NetworkMissingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Tensor = NDArray[np.floating[Any]]

NETWORK_NAMES = ("blazeface", "facemesh", "emotion", "expression", "faceres", "age_gender", "iris")

_sessions: dict[tuple[Path, str, int], "InferenceSession"] = {}
_loading = threading.Lock()


def _forget_sessions() -> None:
    """A forked child starts afresh: a session's threads and locks do not survive a fork."""
    global _loading
    _sessions.clear()
    _loading = threading.Lock()


os.register_at_fork(after_in_child=_forget_sessions)


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of a folder, each run on `threads` threads."""

    folder: Path
    threads: int = 1

    def run(self, name: str, outputs: list[str], pictures: Tensor) -> list[Tensor]:
        """Run one network on N × height × width × channels. Raises AnalyzerUnavailableError if it is not there."""
        answers: list[Any] = self.session(name).run(outputs, {"input": pictures})
        return answers

    def session(self, name: str) -> "InferenceSession":
        key = (self.folder, name, self.threads)
        if key not in _sessions:
            with _loading:
                if key not in _sessions:
                    _sessions[key] = _load(self.folder / f"{name}.onnx", self.threads)
        return _sessions[key]

    def load(self, names: Iterable[str] = NETWORK_NAMES) -> None:
        """Load networks now, so that the first photo need not wait."""
        for name in names:
            self.session(name)
        _return_freed_memory()


def _return_freed_memory() -> None:
    """ONNX Runtime needs and frees 25 MB to read the networks, which glibc keeps unless it is trimmed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _load(path: Path, threads: int) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    if not path.is_file():
        raise NetworkMissingError(
            f"The network {path.name} is not there yet. `make run` prepares it beside the server, "
            "otherwise run `manage.py build_models`.",
            model=path.name,
        )
    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no public base class
        raise AnalyzerUnavailableError(
            f"The network {path.name} cannot be loaded: run `manage.py build_models --force`.", model=path.name
        ) from error


def softmax(logits: Tensor) -> Tensor:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)
