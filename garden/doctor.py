"""`manage.py doctor` on devices and the reading of faces; what the site runs on is in `garden.ops.infrastructure`."""

import io
import time
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFilter

from garden.errors import GardenError
from garden.faces.base import FaceAnalyzer, NoFaceError
from garden.faces.registry import get_face_analyzer
from garden.faces.rekognition import SERVICE, RekognitionAnalyzer
from garden.fleet.rules import watched
from garden.models import Alarm, SentPhotos
from garden.ops import infrastructure
from garden.ops.doctor import Finding, failed, register, warning, well

__all__ = ["infrastructure"]
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
        yield well("devices", f"{watched().count()} devices are watched, none is alarming.")


@register("faces")
def check_faces() -> Iterator[Finding]:
    """By a drawing: nobody's photo is needed to know that reading works."""
    analyzer = get_face_analyzer()
    name = type(analyzer).__name__
    started = time.perf_counter()
    try:
        analyzer.check()
        analyzer.read(_drawn_face())
    except NoFaceError:
        yield _no_face(analyzer)
    except GardenError as error:
        yield failed("faces", error.detail, analyzer.advice)
    else:
        milliseconds = 1000 * (time.perf_counter() - started)
        yield well("faces", f"{name} reads a drawn face in {milliseconds:.0f} ms.")


def _no_face(analyzer: FaceAnalyzer) -> Finding:
    """The local networks are known to find the drawing; of a service it is enough that it answers."""
    if analyzer.recipient:
        return well("faces", f"{analyzer.recipient} answers; it takes a drawn face for none.")
    return failed("faces", "No face was found in a drawing of one.", analyzer.advice)


@register("face costs")
def check_face_costs() -> Iterator[Finding]:
    """Only where a face costs something."""
    analyzer = get_face_analyzer()
    if isinstance(analyzer, RekognitionAnalyzer):
        yield _costs(analyzer)


def _costs(analyzer: RekognitionAnalyzer) -> Finding:
    today, month = SentPhotos.objects.today(SERVICE), SentPhotos.objects.this_month(SERVICE)
    price = analyzer.price / 1000
    words = f"{today:,} photos today, ${today * price:,.2f}; this month {month:,}, ${month * price:,.2f}."
    if analyzer.most_photos is None:
        return well("face costs", f"{words} No budget bounds it.")
    words = f"{words} A day may cost ${analyzer.daily_budget:,.2f}."
    advice = "The option daily_budget of FACE_ANALYZER says how much; beyond it visitors choose their mood themselves."
    if today >= analyzer.most_photos:
        return failed("face costs", f"{words} It is spent: no face is read until midnight.", advice)
    if today >= NEARLY_SPENT * analyzer.most_photos:
        return warning("face costs", words, advice)
    return well("face costs", words)


def _drawn_face() -> bytes:
    """A JPEG of 480×480, soft enough for a detector and the same every time."""
    picture = Image.new("RGB", (480, 480), (168, 178, 186))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((110, 40, 370, 420), fill=(52, 38, 30))
    pen.rectangle((205, 360, 275, 480), fill=(198, 150, 126))
    pen.ellipse((135, 80, 345, 405), fill=(222, 176, 150))
    for left in (165, 255):
        pen.ellipse((left, 205, left + 60, 235), fill=(245, 242, 238))
        pen.ellipse((left + 18, 205, left + 44, 233), fill=(58, 40, 30))
        pen.arc((left - 8, 172, left + 68, 222), 200, 340, fill=(60, 42, 34), width=9)
    pen.polygon([(240, 225), (222, 292), (258, 292)], fill=(205, 156, 132))
    pen.ellipse((222, 282, 236, 294), fill=(120, 76, 62))
    pen.ellipse((244, 282, 258, 294), fill=(120, 76, 62))
    pen.chord((190, 305, 290, 365), 10, 170, fill=(176, 70, 72))
    pen.chord((202, 318, 278, 350), 10, 170, fill=(248, 244, 240))
    stream = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(2.5)).save(stream, "JPEG", quality=92)
    return stream.getvalue()
