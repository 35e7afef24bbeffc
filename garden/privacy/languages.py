"""Which of the garden's languages is spoken."""

from django.conf import settings


def spoken(wanted: str) -> str:
    """The language that was asked for, else the site's."""
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
