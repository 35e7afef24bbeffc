"""Facts measured of a model on a device, kept on disk."""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from generation.engines.diffusers.cards import LoadSpec
from generation.engines.diffusers.worker.compilation import describe_loaded, file_stem

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Tuning:
    """Measured facts; those not measured are None or missing.

    `picture_bytes` is the memory of one more picture in a batch, by size ("768x512").
    """

    channels_last: bool | None = None
    picture_bytes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, plan: LoadSpec, device: torch.device) -> "Tuning":
        """What `manage.py models warm` measured on this kind of device with these versions; else nothing."""
        path = _path(plan, device)
        if path is None or not path.is_file():
            return cls()
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError) as error:
            logger.warning("%s is ignored: %s.", path.name, error)
            return cls()

    def write(self, plan: LoadSpec, device: torch.device) -> None:
        if (path := _path(plan, device)) is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(json.dumps(asdict(self)))

    def bytes_of(self, width: int, height: int) -> int:
        """0 if it was not measured."""
        return self.picture_bytes.get(size_name(width, height), 0)


def size_name(width: int, height: int) -> str:
    return f"{width}x{height}"


def _path(plan: LoadSpec, device: torch.device) -> Path | None:
    if not plan.warm_cache:
        return None
    return Path(plan.warm_cache) / f"{file_stem(describe_loaded(plan, device))}.json"
