"""Storage and database side by side: where they differ, and how to bring them together again."""

from garden.storage.sync.comparing import Difference, Kind, compare
from garden.storage.sync.finding import (
    FilesMissingError,
    RowsMissingError,
    find_differences,
    find_headers,
    refuse_lost_database,
    refuse_lost_storage,
)
from garden.storage.sync.repairing import Repairer, apply_keys, keys_with_files

__all__ = [
    "Difference",
    "FilesMissingError",
    "Kind",
    "Repairer",
    "RowsMissingError",
    "apply_keys",
    "compare",
    "find_differences",
    "find_headers",
    "keys_with_files",
    "refuse_lost_database",
    "refuse_lost_storage",
]
