"""A TCP relay before a server. While it is cut, open connections are closed and new ones are refused."""

import socket
import threading
from contextlib import suppress

CHUNK = 65536


class Cable:
    """`cut_after`: bytes, both ways together, after which it is cut once by itself; `was_cut` is set then."""

    def __init__(self, host: str, port: int, cut_after: int | None = None) -> None:
        self._left, self.was_cut = cut_after, threading.Event()
        self._server = (host, port)
        self._ends: set[socket.socket] = set()
        self._listener = _listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._accept_from(self._listener)

    def cut(self) -> None:
        _close(self._listener)
        for end in list(self._ends):
            _close(end)
        self._ends.clear()

    def mend(self) -> None:
        self._listener = _listen(self.port)
        self._accept_from(self._listener)

    def _accept_from(self, listener: socket.socket) -> None:
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                browser, _address = listener.accept()
                server = socket.create_connection(self._server)
                self._ends |= {browser, server}
                for one, other in ((browser, server), (server, browser)):
                    threading.Thread(target=self._pump, args=[one, other], daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while chunk := one.recv(CHUNK):
                other.sendall(chunk)
                self._count(len(chunk))
        _close(other)

    def _count(self, passed: int) -> None:
        if self._left is not None and not self.was_cut.is_set():
            self._left -= passed
            if self._left <= 0:
                self.was_cut.set()
                self.cut()


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), reuse_port=False)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
