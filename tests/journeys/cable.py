"""The network between a browser and the server. To cut it is to cut it: connections die, new ones are refused."""

import socket
import threading
from contextlib import suppress

CHUNK = 65536


class Cable:
    def __init__(self, host: str, port: int) -> None:
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
                    threading.Thread(target=_pump, args=[one, other], daemon=True).start()


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), reuse_port=False)


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while chunk := one.recv(CHUNK):
            other.sendall(chunk)
    _close(other)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
