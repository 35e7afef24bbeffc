"""How many who send slowly stop a server: `python -m benchmarks.slow_senders --threads 8`.

Each announces a body of a kilobyte and sends a byte of it a second. After each that joins, somebody else asks whether
the server lives, and how long that took is told; with as many as there are threads, nobody is answered any more. With
`--whole` they send to a small proxy in front, which hands requests on once they are here whole: what the proxies that
we deploy do.
"""

import argparse
import asyncio
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import requests

from benchmarks.own_server import free_port, migrate, scratch_environment, serving

LENGTH = 1_000
HEAD = (
    "POST /gardenfromDB HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    f"Content-Length: {LENGTH}\r\n\r\n"
).encode()
PATIENCE = 5.0


@dataclass(frozen=True)
class Moment:
    senders: int
    milliseconds: float | None
    """None: not answered within PATIENCE seconds."""


class SlowSenders:
    """A thread with an event loop; `join` adds one."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def join(self) -> None:
        asyncio.run_coroutine_threadsafe(self._send(), self._loop)

    def leave(self) -> None:
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    async def _send(self) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(HEAD)
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)
        finally:
            writer.close()

    def _cancel(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        gathered = asyncio.gather(*tasks, return_exceptions=True)
        gathered.add_done_callback(lambda _: self._loop.stop())


@contextmanager
def whole_reading_proxy(server: int) -> Iterator[int]:
    """Its port. A request with a body of announced length is handed on when all of it is here."""
    port, loop = free_port(), asyncio.new_event_loop()

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            lengths = [line for line in request.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            request += await reader.readexactly(int(lengths[0].partition(b":")[2])) if lengths else b""
            near, far = await asyncio.open_connection("127.0.0.1", server)
            far.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            writer.write(await near.read())
            far.close()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # Gone before it was whole.
        finally:
            writer.close()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(asyncio.start_server(hand_on, "127.0.0.1", port), loop).result()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def ask(port: int) -> float | None:
    """Milliseconds until another request is answered."""
    begun = time.perf_counter()
    try:
        requests.get(f"http://127.0.0.1:{port}/healthz/live", timeout=PATIENCE)
    except requests.RequestException:
        return None
    return round((time.perf_counter() - begun) * 1000, 1)


def watch(port: int, most: int) -> list[Moment]:
    senders = SlowSenders(port)
    moments = [Moment(0, ask(port))]
    try:
        for number in range(1, most + 1):
            senders.join()
            time.sleep(1)
            moments.append(Moment(number, ask(port)))
    finally:
        senders.leave()
    time.sleep(1)
    return [*moments, Moment(0, ask(port))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--senders", type=int, help="as many as threads, and two")
    parser.add_argument("--whole", action="store_true", help="behind a proxy that reads requests whole")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = scratch_environment(folder, KIOSK_ACCESS="open", DJANGO_SETTINGS_MODULE="garden.settings.local")
        migrate(environment)
        with serving(environment, "--blocking-threads", str(asked.threads)) as server:
            if asked.whole:
                with whole_reading_proxy(server.port) as port:
                    moments = watch(port, asked.senders or asked.threads + 2)
            else:
                moments = watch(server.port, asked.senders or asked.threads + 2)
    for moment in moments:
        reported = f"{moment.milliseconds:8.1f} ms" if moment.milliseconds is not None else f"nothing in {PATIENCE:g} s"
        print(f"{moment.senders:4} slow senders   {reported}")
    print(json.dumps([asdict(moment) for moment in moments]))


if __name__ == "__main__":
    main()
