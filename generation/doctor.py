"""Health checks: engines, workers, waiting pictures, signing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from garden.errors import GardenError
from garden.ops.doctor import Finding, failed, register, warning, well
from generation.backends import check_signing_key, get_engine
from generation.metrics import oldest_age
from generation.models import Worker
from generation.models.worker import ONLINE_WINDOW
from generation.queue.leases import queue_of

LONG_WAIT = timedelta(minutes=15).total_seconds()
HERE = "painter"


@register("engines")
def check_engines() -> Iterator[Finding]:
    """An engine on another machine is checked by its worker's heartbeat, not by the packages installed here."""
    online = list(Worker.objects.online())
    for name in settings.GENERATION_ENGINES:
        workers = [worker for worker in online if name in worker.engines]
        if workers:
            devices = ", ".join(sorted({worker.device or "?" for worker in workers}))
            yield well("engines", f"Engine {name}: {len(workers)} workers online ({devices}).")
        else:
            yield _worker_missing(name)
        yield from _waiting(name)


@register("signing")
def check_signing() -> Iterator[Finding]:
    if not settings.PROVENANCE_SIGNING:
        yield well("signing", "Pictures are not signed: PROVENANCE_SIGNING is off.")
    elif not Path(settings.PROVENANCE_KEY).exists():
        yield warning("signing", "Pictures are not signed: there is no key.", "manage.py make_signing_key")
    elif messages := check_signing_key():
        for message in messages:
            found = failed if message.is_serious() else warning
            yield found("signing", message.msg, message.hint or "")
    else:
        yield well("signing", "Pictures are signed.")


def _worker_missing(name: str) -> Finding:
    offline = Worker.objects.filter(engines__icontains=f'"{name}"').order_by("-last_seen_at").first()
    last_seen = f"last heartbeat {offline.last_seen_at:%Y-%m-%d %H:%M} UTC" if offline else "no heartbeat"
    advice = f"Start a worker: celery -A garden.celery worker --queues {queue_of(name)}"
    found = failed if name == settings.GENERATION_DEFAULT_ENGINE else warning
    problem = f"Engine {name}: no worker for {int(ONLINE_WINDOW.total_seconds())} s ({last_seen}); its pictures wait."
    try:
        if name == HERE:
            get_engine(name).check()
    except GardenError as error:
        return failed("engines", f"Engine {name}: {error.detail}", advice)
    return found("engines", problem, advice)


def _waiting(name: str) -> Iterator[Finding]:
    if (age := oldest_age(name)) > LONG_WAIT:
        problem = f"Engine {name}: a picture waits for {int(age // 60)} minutes."
        yield warning("engines", problem, "See manage.py jobs: start more workers, or check the engine.")
