"""Devices that speak, and a clock that tests turn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from rest_framework.test import APIClient

from garden.fleet.rules import watch
from garden.models import Kiosk, Zone

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROUND = 15
"""Seconds between two rounds of the watch, and between two heartbeats."""


def beat(api: APIClient, **fields: Any) -> Any:
    return api.post("/heartbeat", fields, format="json")


def zone(name: str = "zone1", version: int = 0) -> Zone:
    return Zone.objects.create(name=name, version=version)


def speaker(kiosk: Kiosk) -> APIClient:
    """A client that asks with the kiosk's own key."""
    from garden.models import KioskKey

    return APIClient(headers={"x-api-key": str(KioskKey.objects.create_key(name="k", kiosk=kiosk)[1])})


def pass_time(clock: time_machine.Traveller, seconds: int, *speaking: Any) -> None:
    """Rounds of the watch; each time those who speak are heard first."""
    for _ in range(seconds // ROUND):
        clock.shift(timedelta(seconds=ROUND))
        for speak in speaking:
            speak()
        watch()
