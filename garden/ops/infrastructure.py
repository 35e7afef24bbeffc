"""`manage.py doctor` on what the site runs on: database, broker, workers, storage, static files, secrets, settings."""

import shutil
import sqlite3
import stat
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from celery.exceptions import CeleryError
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from kombu.exceptions import KombuError, OperationalError

from garden.broker import SILENCE, last_heard, queues_listened_to
from garden.celery import app
from garden.ops.doctor import Finding, failed, first_line, register, warning, well
from garden.ops.health import missing_migrations, uncollected
from garden.settings.env import SECRETS

ROUND_TRIPS = 15
SLOW_MILLISECONDS = 20.0
"""A request for a garden makes about ten queries."""
SKEW_SECONDS = 2.0
"""Leases are short and compared by the clocks of several machines."""
OLDEST_POSTGRESQL = 140_000
ANSWER_SECONDS = 2.0
START = "Start a worker: celery -A garden.celery worker --queues {queues}"
BEAT = "Start the clock, once for the whole site: celery -A garden.celery beat"
FOLDER = ".doctor"
"""Beside the folders of pictures."""
SCARCE_BYTES, SCARCE_SHARE = 1_000_000_000, 0.05
MOUNTED = "/run/secrets/"
"""Put there for one container alone."""
_LEVELS = {checks.WARNING: warning, checks.ERROR: failed, checks.CRITICAL: failed}


@register("database")
def check_database() -> Iterator[Finding]:
    try:
        milliseconds = _round_trip()
    except DatabaseError as error:
        advice = "Check DATABASE_URL, and that the server runs and takes connections from this machine."
        yield failed("database", f"The database cannot be queried: {first_line(error)}", advice)
        return
    words = f"{_version()} answers in {milliseconds:.1f} ms."
    if milliseconds <= SLOW_MILLISECONDS:
        yield well("database", words)
    else:
        advice = "Put the web machines nearer to the database: every page makes several queries."
        yield warning("database", words, advice)
    if connection.vendor == "postgresql" and connection.pg_version < OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
        yield warning("database", "This PostgreSQL is older than 14.", "Django 5.2 requires 14 or newer.")


@register("migrations")
def check_migrations() -> Iterator[Finding]:
    missing = missing_migrations()
    if not missing:
        yield well("migrations", "The database is as this release expects it.")
        return
    shown = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
    yield failed("migrations", f"{len(missing)} migrations are missing: {shown}", "manage.py migrate")


@register("clock")
def check_clock() -> Iterator[Finding]:
    """The difference of this machine's clock and the database's, within the round-trip time."""
    if connection.vendor != "postgresql":
        yield well("clock", "The database has no clock of its own.")
        return
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    after = datetime.now(UTC)
    skew = (theirs - before - (after - before) / 2).total_seconds()
    if abs(skew) <= SKEW_SECONDS:
        yield well("clock", f"This clock and the database's agree within {abs(skew):.1f} s.")
        return
    side = "behind" if skew > 0 else "ahead of"
    advice = "Let chrony or systemd-timesyncd set the clocks of all machines: leases of pictures depend on them."
    yield failed("clock", f"This clock is {abs(skew):.0f} s {side} the database's.", advice)


def _round_trip() -> float:
    """The middle of several, in milliseconds; the first one may have to connect."""
    took = []
    for _ in range(ROUND_TRIPS):
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        took.append(1000 * (time.perf_counter() - started))
    return statistics.median(took)


def _version() -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0]}"
    return f"SQLite {sqlite3.sqlite_version}"


@register("broker")
def check_broker() -> Iterator[Finding]:
    scheme = settings.CELERY_BROKER_URL.partition("://")[0]
    try:
        with app.connection_for_write(settings.CELERY_BROKER_URL) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.2, timeout=ANSWER_SECONDS)
            with connection.channel():
                pass
    except (OperationalError, KombuError, OSError) as error:
        advice = "Check CELERY_BROKER_URL. Visitors are served meanwhile; pictures, walls and alarms wait."
        yield failed("broker", f"The broker ({scheme}) cannot be reached: {first_line(error)}", advice)
        return
    yield well("broker", f"The broker ({scheme}) takes messages.")


@register("workers")
def check_workers() -> Iterator[Finding]:
    """By queue. A recent heartbeat of a queue shows that beat, broker and a worker run."""
    silent = {}
    for queue in settings.WORKER_QUEUES:
        heard = last_heard(queue)
        if heard is None or heard.age > SILENCE:
            silent[queue] = f"last heartbeat {_ago(heard.at)}" if heard else "never connected"
        else:
            yield well("workers", f"Queue {queue}: last heartbeat {_ago(heard.at)} by {heard.worker}.")
    if not silent:
        return
    present = queues_listened_to()
    beat_runs = len(silent) < len(settings.WORKER_QUEUES)
    idle = _idle_queues() if not beat_runs and present else set()
    absent = ",".join(queue for queue in silent if queue not in present)
    for queue, when in silent.items():
        if queue not in present:
            yield failed("workers", f"Queue {queue}: {when}. No worker listens.", START.format(queues=absent))
        elif queue in idle:
            yield failed("workers", f"Queue {queue}: {when}. A worker listens; the clock does not run.", BEAT)
        else:
            busy = f"Queue {queue}: {when}. Its worker runs, and is busy with other tasks."
            yield warning(
                "workers", busy, "Heartbeats go on when they end. A second worker of the queue shortens the wait."
            )


def _ago(at: datetime) -> str:
    return str(naturaltime(at)).replace("\N{NO-BREAK SPACE}", " ")


def _idle_queues() -> set[str]:
    """The queues of all workers that answer and run no task now. A busy worker of the pool `solo` does not answer."""
    workers = app.control.inspect(timeout=ANSWER_SECONDS)
    try:
        running, queues = workers.active() or {}, workers.active_queues() or {}
    except (OperationalError, CeleryError, OSError):
        return set()
    return {queue["name"] for worker in queues if not running.get(worker) for queue in queues[worker]}


@register("storage")
def check_storage() -> Iterator[Finding]:
    """Write, read, delete, with the site's own credentials."""
    key, content = f"{FOLDER}/{uuid.uuid4().hex}", b"Written by manage.py doctor; may be deleted."
    started = time.perf_counter()
    try:
        default_storage.save(key, ContentFile(content))
        with default_storage.open(key) as file:
            same = file.read() == content
        default_storage.delete(key)
        gone = not default_storage.exists(key)
    except Exception as error:  # Of any client of any storage.
        advice = "Check PICTURE_STORAGE, its credentials and their rights: list, get, put and delete."
        yield failed("storage", f"Pictures cannot be kept: {type(error).__name__}: {first_line(error)}", advice)
        return
    place = settings.STORAGES["default"]["BACKEND"].rpartition(".")[2]
    if same and gone:
        milliseconds = 1000 * (time.perf_counter() - started)
        yield well("storage", f"{place} writes, reads and deletes in {milliseconds:.0f} ms.")
    else:
        words = "What was written is not what is read." if not same else "What was deleted is still there."
        yield failed("storage", f"{place}: {words}", "Look for a cache or a versioned bucket before the storage.")


@register("disk")
def check_disk() -> Iterator[Finding]:
    places = {"data": settings.DATA_DIR}
    if hasattr(default_storage, "location") and Path(settings.MEDIA_ROOT).is_absolute():
        places["pictures"] = Path(settings.MEDIA_ROOT)
    seen: set[int] = set()
    for name, folder in places.items():
        there = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
        if there.stat().st_dev not in seen:
            seen.add(there.stat().st_dev)
            yield _room(name, there)


@register("pages")
def check_pages() -> Iterator[Finding]:
    if problem := uncollected(staticfiles_storage):
        yield failed("pages", problem, "manage.py collectstatic --noinput")
    else:
        yield well("pages", "The pages' scripts, styles and fonts are there.")


def _room(name: str, folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    words = f"{folder} ({name}) has {usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB."
    if usage.free < SCARCE_BYTES / 10:
        return failed("disk", words, "Make room now: without it neither database nor pictures can be written.")
    if usage.free < SCARCE_BYTES or usage.free < SCARCE_SHARE * usage.total:
        return warning("disk", words, "Make room soon, or move pictures to a bucket (PICTURE_STORAGE).")
    return well("disk", words)


@register("secrets")
def check_secrets() -> Iterator[Finding]:
    open_to_all = [path for path in _secret_files() if path.stat().st_mode & stat.S_IROTH]
    for path in open_to_all:
        yield warning("secrets", f"{path} can be read by everybody on this machine.", f"chmod 640 {path}")
    in_environment = sorted(name for name, path in SECRETS.items() if path is None and _is_worth_hiding(name))
    reported = in_environment and _is_production()
    if reported:
        words = f"In the environment, where every child process and `inspect` sees them: {', '.join(in_environment)}."
        advice = f"Put each into a file and name that, as in {in_environment[0]}_FILE=/run/secrets/…"
        yield warning("secrets", words, advice)
    if not open_to_all and not reported:
        yield well("secrets", "Secrets are files that only their readers can read, or not needed.")


@register("settings")
def check_settings() -> Iterator[Finding]:
    """The results of `manage.py check`; in production of `check --deploy`."""
    messages = checks.run_checks(include_deployment_checks=_is_production(), databases=["default"])
    serious = [message for message in messages if message.level >= checks.WARNING and not message.is_silenced()]
    for message in serious:
        level = max(known for known in _LEVELS if known <= message.level)
        yield _LEVELS[level]("settings", message.msg.replace("\n", " "), message.hint or "")
    if not serious:
        yield well("settings", "manage.py check has nothing to say.")


def _secret_files() -> list[Path]:
    named = [Path(path) for path in SECRETS.values() if path and not path.startswith(MOUNTED)]
    return [path for path in (*named, settings.DATA_DIR / "secret_key") if path.is_file()]


def _is_worth_hiding(name: str) -> bool:
    """An address without a password is no secret."""
    if name == "DATABASE_URL":
        return bool(settings.DATABASES["default"].get("PASSWORD"))
    return name != "CELERY_BROKER_URL" or "@" in settings.CELERY_BROKER_URL


def _is_production() -> bool:
    return bool(settings.SESSION_COOKIE_SECURE)
