"""A stand-in for the model hub: its four answers that a download needs, over a folder, on this machine."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Repositories by name (`maker/model`) and the files that were asked for."""

    def __init__(self, repositories: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories = repositories
        self.asked: list[str] = []

    def answer(self, path: str) -> bytes | None:
        for name, folder in self.repositories.items():
            if path.startswith(f"/api/models/{name}/"):
                return json.dumps(_tree(folder) if "/tree/" in path else _description(name, folder)).encode()
            if path.startswith(prefix := f"/{name}/resolve/"):
                _, _, file = path.removeprefix(prefix).partition("/")
                self.asked.append(file)
                return (folder / file).read_bytes()
        return None


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self.wfile.write(self._answer())

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> bytes:
        content = self.server.answer(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        if content is None:
            self.send_header("X-Error-Code", "RepoNotFound")
        else:
            self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        return content or b""


@contextmanager
def serve_hub(repositories: dict[str, Path]) -> Iterator[tuple[str, list[str]]]:
    """The hub's address and, growing, the files it was asked for."""
    server = Hub(repositories)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.asked
    finally:
        server.shutdown()
        server.server_close()


def _description(name: str, folder: Path) -> dict[str, object]:
    return {"id": name, "sha": COMMIT, "private": False, "siblings": [{"rfilename": file} for file in _files(folder)]}


def _tree(folder: Path) -> list[dict[str, object]]:
    return [
        {
            "type": "file",
            "path": file,
            "size": (folder / file).stat().st_size,
            "oid": hashlib.sha1(file.encode()).hexdigest(),
        }
        for file in _files(folder)
    ]


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
