"""Where it happens."""

from garden.models import Kiosk


def zone_of(kiosk: Kiosk | None) -> str:
    """The place of a kiosk; a device that is no kiosk stands nowhere."""
    return kiosk.place if kiosk else ""
