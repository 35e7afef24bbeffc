"""`compose.yaml`: one machine, every part of the garden on it, none of them with more rights than it needs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.known import QUEUES, ROOT, mixing_pictures, queues_in, unknown_settings, wrong_pools

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GARDENS = sorted(name for name, service in SERVICES.items() if "emotion-garden" in str(service.get("image")))


def test_it_has_every_part() -> None:
    assert set(GARDENS) == {"attendant", "beat", "gpu-worker", "migrate", "painter", "web", "worker"}
    assert set(SERVICES) - set(GARDENS) == {"grafana", "postgres", "prometheus", "proxy", "rabbitmq", "redis", "s3"}


def test_workers_listen_to_every_queue_and_no_queue_of_walls_stands_behind_another() -> None:
    assert queues_in([service.get("command", "") for service in SERVICES.values()]) == QUEUES
    assert queues_in([SERVICES["attendant"]["command"]]) == {"walls", "alarms"}


def test_pictures_have_workers_of_one_process_without_other_work() -> None:
    commands = [service.get("command", "") for service in SERVICES.values()]
    assert (mixing_pictures(commands), wrong_pools(commands)) == ([], [])


@pytest.mark.parametrize("name", GARDENS)
def test_our_containers_write_to_their_data_alone_and_are_given_settings_that_are_read(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/data"]
    assert [place.partition(":")[0] for place in service["tmpfs"]] == ["/tmp"]
    assert "user" not in service  # The image's own, which is not root.
    assert service["env_file"] == [{"path": "settings.env", "required": False}]
    assert len(service["environment"]) > 10
    assert unknown_settings(set(service["environment"])) == []


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_everything_that_stays_is_watched_restarted_and_bounded(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]
    assert service["deploy"]["resources"]["limits"]["memory"]


ISOLATED = ["unshare", "--map-root-user", "--pid", "--fork", "--mount", "--mount-proc", "sh", "-c"]
CAN_ISOLATE = subprocess.run([*ISOLATED, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not CAN_ISOLATE, reason="this machine gives no namespaces to containers of ours")
@pytest.mark.parametrize(
    ("name", "silent", "ends"),
    [
        ("web", "2 minutes", False),
        ("web", "11 minutes", True),
        ("worker", "4 minutes", False),
        ("worker", "11 minutes", True),
    ],
)
def test_it_ends_a_container_that_hangs_so_that_it_is_restarted(name: str, silent: str, ends: bool) -> None:
    """In process ids and a /tmp of its own; the main process is a child of the init process, as with `init: true`."""
    kind, check = SERVICES[name]["healthcheck"]["test"]
    assert (kind, SERVICES[name]["init"]) == ("CMD-SHELL", True)
    files = "/tmp/live" if name == "web" else "/tmp/alive"
    container = f"""
        mount -t tmpfs none /tmp
        touch -d '{silent} ago' {files}
        sh -c 'exec sleep 600' & main=$!
        sh -c "$CHECK"
        sleep 0.2
        if kill -0 $main 2>/dev/null; then echo runs; kill $main; fi
    """
    environment = {**os.environ, "CHECK": check.replace("$$", "$")}
    done = subprocess.run([*ISOLATED, container], env=environment, capture_output=True, text=True, check=False)
    assert ("runs" not in done.stdout) is ends


def test_every_worker_has_the_check_of_the_tested_one() -> None:
    checks = {name: SERVICES[name]["healthcheck"]["test"] for name in ("attendant", "beat", "gpu-worker", "painter")}
    assert checks == dict.fromkeys(checks, SERVICES["worker"]["healthcheck"]["test"])
    assert {SERVICES[name]["init"] for name in checks} == {True}


def test_a_machine_of_one_processor_can_start_it() -> None:
    """An engine refuses a limit above what the machine has; weights it takes anywhere."""
    bounded = [name for name, service in SERVICES.items() if "cpus" in str(service.get("deploy")) or "cpus" in service]
    assert bounded == []
    shares = {name: service.get("cpu_shares", 1024) for name, service in SERVICES.items()}
    assert max(shares["painter"], shares["worker"]) < shares["attendant"] < min(shares["web"], shares["postgres"])


def test_the_broker_runs_as_nobody() -> None:
    redis = SERVICES["redis"]
    assert (redis["user"], redis["cap_drop"], redis["read_only"]) == ("65534:65534", ["ALL"], True)


@pytest.mark.parametrize("name", ["attendant", "worker"])
def test_a_process_that_swells_is_replaced_before_its_container_is_ended(name: str) -> None:
    """What lies in /tmp counts for the container as well."""
    worker = SERVICES[name]
    most = worker["deploy"]["resources"]["limits"]["memory"]
    files = int(str(worker["tmpfs"][0]).partition("size=")[2].partition("m")[0])
    assert 0 < int(worker["environment"]["WORKER_MEMORY_MIB"]) + files < int(most.removesuffix("G")) * 1024


@pytest.mark.parametrize("name", sorted(set(GARDENS) - {"migrate"}))
def test_nothing_starts_before_the_database_was_migrated(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["restart"] == "no"


def test_only_the_proxy_is_reached_from_outside() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"proxy", "grafana"}
    assert published["grafana"] == ["127.0.0.1:3000:3000"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {
        name for name in ("postgres", "redis", "rabbitmq", "s3") if SERVICES[name]["networks"] != ["inside"]
    } == set()


def test_no_secret_is_in_the_file() -> None:
    named = {path for service in SERVICES.values() for path in map(str, service.get("environment", {}).values())}
    assert not [text for text in named if "postgres://" in text or "redis://" in text]
    read = {name.removesuffix("_FILE") for name in SERVICES["web"]["environment"] if name.endswith("_FILE")}
    assert read >= {"SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "METRICS_TOKEN"}


@pytest.mark.parametrize("made", [".env", "secrets/secret_key"])
def test_what_the_script_makes_is_never_committed(made: str) -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {made, f"/{made.partition('/')[0]}/"} & set(ignored)


def test_the_script_makes_every_secret_once_and_a_site_starts_with_them(tmp_path: Path) -> None:
    make_secrets = [str(ROOT / "deploy" / "make_secrets.sh"), "garden.example.org"]
    subprocess.run(make_secrets, cwd=tmp_path, check=True, capture_output=True)
    made = {path.name: path.read_text(encoding="utf-8").strip() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(COMPOSE["secrets"])
    assert made["database_password"] in made["database_url"]
    assert made["redis_password"] in made["redis_url"]
    assert len(made["secret_key"]) == 64
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "SITE=garden.example.org\n"
    subprocess.run(make_secrets, cwd=tmp_path, check=True, capture_output=True)
    assert {path.name: path.read_text(encoding="utf-8").strip() for path in (tmp_path / "secrets").iterdir()} == made
    files = {"SECRET_KEY": "secret_key", "DATABASE_URL": "database_url", "METRICS_TOKEN": "metrics_token"}
    environment = {f"{setting}_FILE": str(tmp_path / "secrets" / file) for setting, file in files.items()}
    environment |= {"CELERY_BROKER_URL_FILE": str(tmp_path / "secrets" / "redis_url")}
    environment |= {"DJANGO_SETTINGS_MODULE": "garden.settings.production", "ALLOWED_HOSTS": "garden.example.org"}
    environment |= {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    code = "from django.conf import settings as s; print(s.DATABASES['default']['HOST'], s.CELERY_BROKER_URL[:9])"
    outcome = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert outcome.stdout.strip() == "postgres redis://:", outcome.stderr


def test_the_script_makes_what_units_need_for_a_server_that_it_is_told(tmp_path: Path) -> None:
    make_secrets = [str(ROOT / "deploy" / "make_secrets.sh"), "garden.example.org", "units", "db.example"]
    subprocess.run(make_secrets, cwd=tmp_path, check=True, capture_output=True)
    made = {path.name: path.read_text(encoding="utf-8").strip() for path in (tmp_path / "units").iterdir()}
    names = {"secret_key", "metrics_token", "database_password", "database_url", "redis_password", "broker_url"}
    assert set(made) == names
    assert made["database_url"] == f"postgres://garden:{made['database_password']}@db.example:5432/garden"
    assert made["broker_url"] == f"redis://:{made['redis_password']}@db.example:6379/0"
    assert not (tmp_path / ".env").exists()
