"""In place of `systemctl` where systemd does not run: starts the programs of unit files.

It does what a garden's units ask of systemd: order, users, folders, environments, credentials. It does not confine them
(`ProtectSystem`, …), and restarts nothing.
"""

import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

UNITS = Path("/etc/systemd/system")
RUNTIME, STATE = Path("/run"), Path("/var/lib")

Entries = dict[str, list[str]]


def main(arguments: list[str]) -> None:
    verb, *rest = arguments
    assert verb in ("daemon-reload", "enable", "restart"), f"systemctl {verb} is not replaced here"
    for name in (each for each in rest if not each.startswith("--")):
        if name == "redis-server":
            start_redis()
        elif name != "caddy":  # Not started.
            start(name)


def start(name: str) -> None:
    """What it requires first; nothing where it runs already."""
    unit = _read(name)
    for required in _words(unit, "Requires"):
        start(required)
    if name.endswith(".target"):
        for wanted in _words(unit, "Wants"):
            start(wanted)
    elif not _started(name).exists():
        process = _run(name, unit)
        if unit["Type"] == ["oneshot"]:
            assert process.wait() == 0, f"{name} failed"
        else:
            time.sleep(1)
            assert process.poll() is None, f"{name} ended at once"
        _started(name).touch()


def start_redis() -> None:
    """With Debian's file. The options are those of Debian's own unit, or needed without it."""
    options = ["--daemonize", "no", "--supervised", "no", "--dir", "/var/lib/redis", "--logfile", "", "--pidfile", ""]
    command = ["redis-server", "/etc/redis/redis.conf", *options]
    subprocess.Popen(command, user="redis", group="redis", stdout=subprocess.DEVNULL, start_new_session=True)
    while subprocess.run(["redis-cli", "ping"], capture_output=True, check=False).returncode:
        time.sleep(0.1)


def _read(name: str) -> Entries:
    """The values of each key; of a template, where `name` is one of its instances."""
    stem, _, instance = name.removesuffix(".service").partition("@")
    file = UNITS / (f"{stem}@.service" if instance else name)
    specifiers = {"%": "%", "p": stem, "i": instance, "d": _credentials(name), "S": STATE, "t": RUNTIME}
    entries: Entries = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            entries[key].append(re.sub(r"%(.)", lambda found: str(specifiers.get(found[1], found[0])), value))
    return entries


def _run(name: str, unit: Entries) -> "subprocess.Popen[bytes]":
    user = unit["User"][0]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(STATE / user), "USER": user}
    for file in unit["EnvironmentFile"]:
        environment |= _pairs(Path(file).read_text(encoding="utf-8").splitlines())
    for line in unit["Environment"]:
        environment |= _pairs(shlex.split(line))
    for folder in (
        *(STATE / each for each in unit["StateDirectory"]),
        *(RUNTIME / each for each in unit["RuntimeDirectory"]),
    ):
        folder.mkdir(exist_ok=True)
        shutil.chown(folder, user, user)
    _load_credentials(name, unit, user)
    return subprocess.Popen(
        [_with_variables(part, environment) for part in shlex.split(unit["ExecStart"][0])],
        cwd=unit["WorkingDirectory"][0],
        env=environment,
        user=user,
        group=unit["Group"][0],
        extra_groups=[],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _load_credentials(name: str, unit: Entries, user: str) -> None:
    """Copies that only the user of the unit can read."""
    folder = _credentials(name)
    folder.mkdir(parents=True)
    for line in unit["LoadCredential"]:
        identity, _, source = line.partition(":")
        shutil.copyfile(source, folder / identity)
        (folder / identity).chmod(0o400)
        shutil.chown(folder / identity, user)


def _with_variables(text: str, environment: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: environment[found[1]], text)


def _pairs(lines: list[str]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def _words(unit: Entries, key: str) -> list[str]:
    return " ".join(unit[key]).split()


def _credentials(name: str) -> Path:
    return RUNTIME / "credentials" / name


def _started(name: str) -> Path:
    return RUNTIME / f"{name}.started"


if __name__ == "__main__":
    main(sys.argv[1:])
