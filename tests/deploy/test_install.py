"""docs/how-to/install-on-debian.md: its commands, in their order, as they stand, until the garden answers.

They run as root on a bare machine that is made of this one (`bare_machine.sh`). Replaced is:

- `apt-get`, `curl`, `gpg`: nothing is downloaded; the packages are those that are installed here;
- `git clone`: takes a copy of this working tree instead of the address on the page;
- `make`: the Python and npm packages of these tests are linked to where it would install them;
- `systemctl`: `units.py` starts the programs of the units, without confining them. Caddy is not started.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.known import ROOT, copied_repository

PAGE = ROOT / "docs" / "how-to" / "install-on-debian.md"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
ADDRESS = "https://git.example.org/emotion-garden.git"
REPLACED = {
    "apt-get": "echo 'replaced: apt-get downloads nothing'",
    "curl": "echo 'replaced: curl downloads nothing'",
    "gpg": "cat",
    "make": """
        echo 'replaced: packages are linked, not installed'
        mkdir -p .venv node_modules
        ln -sfn {root}/.venv/* .venv/
        ln -sfn {root}/node_modules/* node_modules/
        touch .venv/.base .venv/.tools node_modules/.installed
        exec /usr/bin/make "$@"
    """,
    "systemctl": 'exec {python} {root}/tests/deploy/units.py "$@"',
}
AFTERWARDS = r"""
garden-manage check --deploy --fail-level WARNING
.venv/bin/python - <<'END'
import requests
site = {"Host": "garden.example.org", "X-Forwarded-Proto": "https"}
for path in ("/healthz/ready", "/kiosk/pair/", "/admin/login/"):
    response = requests.get(f"http://127.0.0.1:8000{path}", headers=site, allow_redirects=False, timeout=60)
    print(path, response.status_code)
del site["X-Forwarded-Proto"]
refused = requests.get("http://127.0.0.1:8000/admin/login/", headers=site, allow_redirects=False, timeout=60)
print("without TLS", refused.status_code, refused.headers["Location"])
END
stat --format '%U %G %a' /etc/emotion-garden/secrets /etc/emotion-garden/secrets/secret_key
"""
CAN_ISOLATE = (
    os.geteuid() == 0
    and shutil.which("ip")
    and not subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "true"], capture_output=True, check=False
    ).returncode
)


def commands() -> list[str]:
    """What an operator enters."""
    lines = [line for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) for line in block.splitlines()]
    assert [line for line in lines if not line.startswith("# ")] == []
    return [line.removeprefix("# ") for line in lines]


def test_packages_named_on_the_page_are_those_that_the_setup_needs() -> None:
    installed = {word for line in commands() if line.startswith("apt-get install") for word in line.split()[3:]}
    assert installed >= {"caddy", "git", "make", "nodejs", "npm", "postgresql", "python3-venv", "redis-server"}


def test_secrets_and_database_are_there_before_anything_starts() -> None:
    order = "\n".join(commands())
    steps = [
        "make_secrets.sh",
        "CREATE ROLE",
        "createdb",
        "prepare.sh",
        "enable --now garden.target",
        "ensure_admin",
        "doctor",
    ]
    places = [order.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.services
@pytest.mark.skipif(not CAN_ISOLATE, reason="needs root, namespaces and the program ip")
def test_the_page_leads_to_a_garden_that_answers(tmp_path: Path) -> None:
    replaced = tmp_path / "replaced"
    replaced.mkdir()
    for name, text in REPLACED.items():
        (replaced / name).write_text(f"#!/bin/sh\n{text.format(root=ROOT, python=sys.executable)}\n", encoding="utf-8")
        (replaced / name).chmod(0o755)
    script = tmp_path / "script"
    script.write_text("set -exuo pipefail\n" + "\n".join(commands()) + AFTERWARDS, encoding="utf-8")
    environment = {
        "HOME": str(Path.home()),
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{copied_repository(tmp_path / 'repository')}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }
    isolated = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "bash"]
    arguments = [ROOT / "tests" / "deploy" / "bare_machine.sh", tmp_path, ROOT, sys.base_prefix, script]
    output = tmp_path / "output"
    with output.open("wb") as file:
        done = subprocess.run(
            [*isolated, *map(str, arguments)], env=environment, stdout=file, stderr=subprocess.STDOUT, check=False
        )
    printed = output.read_text(encoding="utf-8")
    assert done.returncode == 0, printed[-6000:]
    assert "[ FAIL ]" not in printed
    assert "System check identified no issues" in printed
    assert "/healthz/ready 200\n/kiosk/pair/ 200\n/admin/login/ 200\n" in printed
    assert "without TLS 301 https://garden.example.org/admin/login/" in printed
    assert "root emotion-garden 550\nroot emotion-garden 440" in printed
