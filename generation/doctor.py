"""Making pictures: can each engine make one, is a worker there for it, does anything wait too long, who signs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from garden.errors import GardenError
from garden.ops.doctor import Finding, failed, register, warning, well
from generation.backends import get_engine
from generation.metrics import oldest_age
from generation.models import Worker
from generation.models.worker import SILENCE
from generation.queue.leases import queue_of

LONG_WAIT = timedelta(minutes=15).total_seconds()
HERE = "painter"


@register("engines")
def check_engines() -> Iterator[Finding]:
    """An engine of another machine (a GPU worker's) is judged by its worker, not by what is installed here."""
    online = list(Worker.objects.online())
    for name in settings.GENERATION_ENGINES:
        workers = [worker for worker in online if name in worker.engines]
        if workers:
            devices = ", ".join(sorted({worker.device or "?" for worker in workers}))
            yield well("engines", f"Engine {name}: {len(workers)} workers online ({devices}).")
        else:
            yield _without_worker(name)
        yield from _waiting(name)


@register("signing")
def check_signing() -> Iterator[Finding]:
    from generation.signing import load_signing_key  # Brings all of cryptography.

    if not settings.PROVENANCE_SIGNING:
        yield well("signing", "Pictures are not signed: PROVENANCE_SIGNING is off.")
    elif not Path(settings.PROVENANCE_KEY).exists():
        yield warning("signing", "Pictures are not signed: there is no key.", "manage.py make_signing_key")
    else:
        left = load_signing_key(Path(settings.PROVENANCE_KEY)).expires_at - timezone.now()
        yield _certificate(left)


def _without_worker(name: str) -> Finding:
    gone = Worker.objects.filter(engines__icontains=f'"{name}"').order_by("-last_seen_at").first()
    heard = f"last heard {gone.last_seen_at:%Y-%m-%d %H:%M} UTC" if gone else "never heard"
    advice = f"Start a worker: celery -A garden.celery worker --queues {queue_of(name)}"
    found = failed if name == settings.GENERATION_DEFAULT_ENGINE else warning
    words = f"Engine {name}: no worker for {int(SILENCE.total_seconds())} s ({heard}); its pictures wait."
    try:
        if name == HERE:
            get_engine(name).check()
    except GardenError as error:
        return failed("engines", f"Engine {name}: {error.detail}", advice)
    return found("engines", words, advice)


def _waiting(name: str) -> Iterator[Finding]:
    if (age := oldest_age(name)) > LONG_WAIT:
        words = f"Engine {name}: a picture waits for {int(age // 60)} minutes."
        yield warning("engines", words, "See manage.py jobs: more workers, or an engine that is away.")


def _certificate(left: timedelta) -> Finding:
    if left <= timedelta():
        return failed("signing", "The signing key has ended.", "manage.py make_signing_key --renew")
    if left < timedelta(days=60):
        return warning("signing", f"The signing key ends in {left.days} days.", "manage.py make_signing_key --renew")
    return well("signing", f"Pictures are signed; the key holds for {left.days} days.")
