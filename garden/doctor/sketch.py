"""A face that nobody has: drawn, soft enough for a detector, and the same every time."""

import io

from PIL import Image, ImageDraw, ImageFilter

SIDE = 480


def sketched_face() -> bytes:
    """A JPEG of 480×480."""
    picture = Image.new("RGB", (SIDE, SIDE), (168, 178, 186))
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
