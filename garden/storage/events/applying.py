"""What became of some files, whatever was said of them: the storage itself is asked.

So events may come in any order, twice, or late: the end is always what the storage holds.
"""

from collections.abc import Collection

from garden.models import Image
from garden.storage.keys import POOL, SERVING
from garden.storage.pictures import picture_storage
from garden.storage.stored import StoredFile
from garden.storage.sync import Difference, Kind, Repairer, compare
from garden.storage.sync.claims import without_claimed
from garden.storage.sync.comparing import FACTS, Known

_WORKERS = 4


def apply_keys(keys: Collection[str]) -> Repairer:
    """Bring the rows of these keys in line with their files; keys outside the pictures' folders are passed over."""
    wanted = sorted({key for key in keys if key.startswith((f"{SERVING}/", f"{POOL}/"))})
    repairer = Repairer(_WORKERS)
    for difference in repairer.repair(without_claimed(_differences(wanted))):
        if difference.kind is Kind.REFUSED:
            repairer.problems.append((difference.key, difference.detail))
    return repairer


def _differences(keys: list[str]) -> list[Difference]:
    files = [file for key in keys if (file := _stat(key))]
    rows = {row[1]: Known(*row) for row in Image.objects.filter(key__in=keys).values_list(*FACTS)}
    return list(compare(files, (rows[key] for key in keys if key in rows)))


def _stat(key: str) -> StoredFile | None:
    return picture_storage().stat(key)
