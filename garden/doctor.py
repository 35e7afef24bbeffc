"""`manage.py doctor` on devices and the reading of faces; what the site runs on is in `garden.ops.infrastructure`."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from garden.errors import GardenError
from garden.faces.base import NoFaceError
from garden.faces.registry import get_face_analyzer
from garden.faces.rekognition import PHOTOS_SENT, RekognitionAnalyzer
from garden.fleet.rules import watched
from garden.models import Alarm, DailyCount, Webhook
from garden.ops import infrastructure
from garden.ops.doctor import Finding, failed, register, warning, well

__all__ = ["infrastructure"]
DRAWN_FACE = Path(__file__).parent / "faces" / "drawn_face.jpeg"
SHOWN_ALARMS = 5
NEARLY_SPENT = 0.8
"""The share of a day's budget from which on there is a warning."""


@register("devices")
def check_devices() -> Iterator[Finding]:
    alarms = Alarm.objects.filter(cleared_at=None).select_related("kiosk", "display__zone").order_by("raised_at")
    for alarm in alarms[:SHOWN_ALARMS]:
        advice = "manage.py sync_storage" if alarm.is_of_site else "See the page Devices in the admin."
        yield warning("devices", f"{alarm} ({alarm.detail}).", advice)
    count = alarms.count()
    if count > SHOWN_ALARMS:
        yield warning("devices", f"And {count - SHOWN_ALARMS} more alarms.", "See the page Devices in the admin.")
    if not count:
        yield well("devices", f"{watched().count()} devices are watched, without alarms.")


@register("webhooks")
def check_webhooks() -> Iterator[Finding]:
    """Only where there are any."""
    webhooks = list(Webhook.objects.filter(is_enabled=True))
    for webhook in webhooks:
        if webhook.failures:
            words = f"{webhook} failed {webhook.failures} times in a row: {webhook.last_error}."
            yield warning("webhooks", words, "Choose “Send a test event” under Webhooks in the admin.")
    if webhooks and not any(webhook.failures for webhook in webhooks):
        yield well("webhooks", f"{len(webhooks)} webhooks, none of them failing.")


@register("faces")
def check_faces() -> Iterator[Finding]:
    """With a drawn face, so that no photo is needed."""
    analyzer = get_face_analyzer()
    started = time.perf_counter()
    try:
        analyzer.check()
        analyzer.read(DRAWN_FACE.read_bytes())
    except NoFaceError:
        # The local networks are known to find the drawing; of a service it is enough that it answers.
        if analyzer.recipient:
            yield well("faces", f"{analyzer.recipient} responds; it found no face in a drawing.")
        else:
            yield failed("faces", "No face was found in a drawing of one.", analyzer.advice)
    except GardenError as error:
        yield failed("faces", error.detail, analyzer.advice)
    else:
        milliseconds = 1000 * (time.perf_counter() - started)
        yield well("faces", f"{type(analyzer).__name__} reads a drawn face in {milliseconds:.0f} ms.")


@register("face costs")
def check_face_costs() -> Iterator[Finding]:
    """Only where a face costs something."""
    analyzer = get_face_analyzer()
    if isinstance(analyzer, RekognitionAnalyzer):
        yield _costs(analyzer)


def _costs(analyzer: RekognitionAnalyzer) -> Finding:
    day = timezone.localdate()
    today, month = (DailyCount.objects.total(PHOTOS_SENT, since) for since in (day, day.replace(day=1)))
    price = analyzer.price / 1000
    words = f"{today:,} photos today, ${today * price:,.2f}; this month {month:,}, ${month * price:,.2f}."
    if analyzer.most_photos is None:
        return well("face costs", f"{words} There is no daily budget.")
    words = f"{words} The daily budget is ${analyzer.daily_budget:,.2f}."
    advice = "Change the option daily_budget of FACE_ANALYZER; when it is spent, visitors choose their mood themselves."
    if today >= analyzer.most_photos:
        return failed("face costs", f"{words} It is spent: no faces are read until midnight.", advice)
    if today >= NEARLY_SPENT * analyzer.most_photos:
        return warning("face costs", words, advice)
    return well("face costs", words)
