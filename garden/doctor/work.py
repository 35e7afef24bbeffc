"""Background work: the broker, the workers behind it, the clock that rings."""

from collections.abc import Iterator
from datetime import timedelta

from celery.exceptions import CeleryError
from django.conf import settings
from kombu.exceptions import KombuError, OperationalError

from garden.celery import app
from garden.doctor.base import Finding, failed, first_line, question, warning, well
from garden.seeing.pulses import SILENCE, queues_listened_to, silence_of

ANSWER_SECONDS = 2.0
START = "Start a worker: celery -A garden.celery worker --queues {queues}"
BEAT = "Start the clock, once for the whole site: celery -A garden.celery beat"


@question("broker")
def ask_broker() -> Iterator[Finding]:
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


@question("workers")
def ask_workers() -> Iterator[Finding]:
    """By queue. A queue that was heard lately has a clock, a broker and a worker, all of them at work."""
    silence = silence_of(settings.WORKER_QUEUES)
    silent = [queue for queue, age in silence.items() if age is None or age > SILENCE]
    for queue, age in silence.items():
        if queue not in silent and age is not None:
            yield well("workers", f"Queue {queue}: heard {ago(age)}.")
    if not silent:
        return
    present = queues_listened_to()
    idle = _answering_queues() if present & set(silent) else set()
    absent = ",".join(queue for queue in silent if queue not in present)
    for queue in silent:
        age = silence[queue]
        when = "never heard" if age is None else f"last heard {ago(age)}"
        if queue not in present:
            yield failed("workers", f"Queue {queue}: {when}. No worker listens.", START.format(queues=absent))
        elif queue in idle:
            yield failed("workers", f"Queue {queue}: {when}. A worker listens; the clock does not run.", BEAT)
        else:
            busy = f"Queue {queue}: {when}. Its worker runs, and is busy with a long task."
            yield warning("workers", busy, "It goes on when the task ends; another worker of the queue would not wait.")


def ago(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    for size, name in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name} ago"
    return f"{seconds} s ago"


def _answering_queues() -> set[str]:
    """The queues of all workers that answer now: one that is busy with a task does not."""
    try:
        answers = app.control.inspect(timeout=ANSWER_SECONDS).active_queues() or {}
    except (OperationalError, CeleryError, OSError):
        return set()
    return {queue["name"] for queues in answers.values() for queue in queues}
