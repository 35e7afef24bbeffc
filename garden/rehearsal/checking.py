"""What must be so before the doors open, each refusal a sentence."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from garden.rehearsal.asking import Answer, Asker
from garden.rehearsal.errors import CannotRehearseError
from garden.rehearsal.measuring import Measurements


def require_own_server(address: str) -> None:
    """A rehearsal is a load that nobody may put on a stranger's server."""
    at = urlsplit(address)
    if at.scheme not in ("http", "https") or not at.hostname:
        raise CannotRehearseError(f"{address!r} is not an address such as http://127.0.0.1:8000.")
    if not _is_loopback(at.hostname):
        raise CannotRehearseError(
            f"{at.hostname} is not this machine. Say --yes-this-is-our-server if the server is yours to load."
        )


def require_open_doors(address: str, keys: Sequence[str]) -> None:
    """The server is there and takes every key."""
    for key in keys or [""]:
        asker = Asker(address, key, Measurements())
        answer = asker.post("/gardenfromDB", {"emotion": "calm", "limit": 1})
        asker.close()
        _require_garden(answer, address, key)


def require_wall(address: str, zone: str, key: str) -> None:
    asker = Asker(address, key, Measurements())
    answer = asker.get("manifest", f"/wall/{zone}/manifest")
    asker.close()
    if answer.status != 200:
        raise CannotRehearseError(
            f"The manifest of zone {zone!r} answered {answer.status}: make the zone (manage.py ensure_zone {zone}), "
            "name another one with --zone, or rehearse without walls (--walls 0)."
        )


def _require_garden(answer: Answer, address: str, key: str) -> None:
    if answer.status == 0:
        raise CannotRehearseError(f"Nobody answers at {address}. Is the server running (make run)?")
    if answer.status in (401, 403):
        told = f"The key that begins with {key[:8]!r} is refused" if key else "The server asks for a kiosk's key"
        raise CannotRehearseError(f"{told}: give the key of an active kiosk with --key.")
    if answer.status != 200:
        raise CannotRehearseError(f"{address} is no garden, or is ill: POST /gardenfromDB answered {answer.status}.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
