"""The broker that needs no server: kombu's folder of messages, with atomic writes.

kombu writes its messages and tables in place, so that readers may meet, and killed writers leave, half of one, and
a worker that reads half a table does not start. Here every file is written aside and moved to its place.
"""

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport.filesystem import LOCK_EX, exchange_queue_t, lock, unlock
from kombu.transport.filesystem import Channel as InPlaceChannel
from kombu.transport.filesystem import Transport as InPlaceTransport
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


class Channel(InPlaceChannel):
    def get_table(self, exchange: str) -> list[Any]:
        """Who declares a queue writes its line again, so an unreadable table is an empty one."""
        try:
            return list(super().get_table(exchange))
        except ValueError:
            logger.warning("The table of exchange %r cannot be read; it is created again.", exchange)
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        line = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table(exchange) as table:
            if line not in table:
                table.insert(0, line)

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        self._purge(queue)
        with self._table(exchange) as table:
            line = exchange_queue_t(routing_key or "", pattern or "", queue or "")
            table[:] = [known for known in table if known != line]

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            logger.warning("A message of queue %r cannot be read; it is skipped.", queue)
            raise Empty from None

    @contextmanager
    def _table(self, exchange: str) -> Iterator[list[Any]]:
        """The table of an exchange, to be changed by one process at a time."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "tables.lock").open("w") as held:
            lock(held, LOCK_EX)
            try:
                table = self.get_table(exchange)
                before = list(table)
                yield table
                if table != before:
                    _write(self._exchange_file(exchange), dumps(table))
            finally:
                unlock(held)


class Transport(InPlaceTransport):
    Channel = Channel


def _write(file: Path, text: str) -> None:
    aside = file.with_name(f"{uuid.uuid4()}.part")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, file)
