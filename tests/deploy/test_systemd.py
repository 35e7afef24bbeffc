"""`deploy/systemd`: units for a bare machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.known import QUEUES, ROOT, mixing_pictures, unknown_settings

FOLDER = ROOT / "deploy" / "systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "PrivateTmp=yes",
    "CapabilityBoundingSet=\n",
    "ProtectHome=yes",
)


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_may_write_to_its_state_alone(unit: str) -> None:
    assert [line for line in HARDENED if line not in text_of(unit)] == []
    assert "User=emotion-garden" in text_of(unit)
    assert "ReadWritePaths" not in text_of(unit)


@pytest.mark.parametrize("unit", UNITS)
def test_secrets_are_credentials_and_every_setting_is_one_that_is_read(unit: str) -> None:
    lines = re.findall(r"^Environment=(.*)$", text_of(unit), re.MULTILINE)
    given = dict(pair.split("=", 1) for line in lines for pair in line.split())
    assert unknown_settings(set(given)) == []
    secrets = {value.removeprefix("%d/") for value in given.values() if value.startswith("%d/")}
    assert secrets == set(re.findall(r"^LoadCredential=(\w+):", text_of(unit), re.MULTILINE))
    assert len(secrets) == 4


def test_the_shared_environment_holds_settings_and_no_secret() -> None:
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", text_of("environment"), re.MULTILINE))
    assert given["DJANGO_SETTINGS_MODULE"] == "garden.settings.production"
    assert unknown_settings(set(given)) == []
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(given)


def workers() -> list[dict[str, str]]:
    files = (FOLDER / "workers").iterdir()
    return [dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines()) for file in files]


def test_its_workers_listen_to_every_queue_that_needs_no_gpu() -> None:
    assert {queue for worker in workers() for queue in worker["QUEUES"].split(",")} == QUEUES - {"pictures.diffusers"}
    wanted = set(re.findall(r"garden-worker@(\w+)\.service", text_of("garden.target")))
    assert wanted == {path.name for path in (FOLDER / "workers").iterdir()}


def test_pictures_have_workers_of_one_process_without_other_work() -> None:
    assert mixing_pictures([f"--queues {worker['QUEUES']}" for worker in workers()]) == []
    pools = {worker["QUEUES"]: worker["POOL"] for worker in workers()}
    assert pools == {queues: "solo" if queues.startswith("pictures.") else "prefork" for queues in pools}


@pytest.mark.parametrize("unit", UNITS)
def test_it_restarts_every_unit_with_the_target(unit: str) -> None:
    """`systemctl restart garden.target` after an upgrade migrates, too: all others wait for that."""
    lines = text_of(unit).splitlines()
    assert "PartOf=garden.target" in lines
    if unit != "garden-migrate.service":
        assert "Requires=garden-migrate.service" in lines
        assert any(line.startswith("After=") and "garden-migrate.service" in line for line in lines)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here, and make installs none")
def test_systemd_understands_them(tmp_path: Path) -> None:
    for path in FOLDER.glob("garden*.*"):
        (tmp_path / path.name.replace("@", "@general")).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    units = [str(path) for path in tmp_path.iterdir()]
    command = ["systemd-analyze", "verify", *units]
    outcome = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    message = [line for line in outcome.stderr.splitlines() if "is not executable" not in line and "/opt/" not in line]
    assert [line for line in message if "garden" in line] == []
