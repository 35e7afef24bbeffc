"""The fleet page names whatever a kiosk can be showing."""

import re
from pathlib import Path

from django.conf import settings

from curation.pages.fleet import WORDS

MOMENT = re.compile(r'data-moment="(\w+)"')


def test_every_moment_of_the_kiosk_has_words() -> None:
    templates = (Path(settings.BASE_DIR) / "templates" / "kiosk" / "moments").glob("*.html")
    moments = {moment for page in templates for moment in MOMENT.findall(page.read_text(encoding="utf-8"))}
    assert len(moments) > 8
    assert {f"moment_{moment}" for moment in moments} <= set(WORDS)
