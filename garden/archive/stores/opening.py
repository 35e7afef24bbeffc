"""The store that an address means."""

from pathlib import Path

from garden.archive.errors import RefusedArchiveError
from garden.archive.places import DiskPlace, bucket_place
from garden.archive.stores.base import Store
from garden.archive.stores.tar_reader import TarReader
from garden.archive.stores.tar_writer import TarWriter
from garden.archive.stores.vault import Vault

TAR = ".tar"


def open_target(address: str, workers: int) -> Store:
    """Where a backup is written."""
    return TarWriter(Path(address)) if address.endswith(TAR) else open_vault(address, workers)


def open_source(address: str, workers: int) -> Store:
    """Where a backup is read. Raises RefusedArchiveError when nothing is there."""
    if address.startswith("s3://"):
        return open_vault(address, workers)
    if not Path(address).exists():
        raise RefusedArchiveError(f"There is nothing at {address}.")
    return TarReader(Path(address)) if Path(address).is_file() else open_vault(address, workers)


def open_vault(address: str, workers: int) -> Vault:
    if address.startswith("s3://"):
        return Vault(bucket_place(address, workers))
    if "://" in address or address.endswith(TAR):
        raise RefusedArchiveError(f"{address!r} is no folder and no s3://bucket/folder.")
    return Vault(DiskPlace(Path(address).absolute()))
