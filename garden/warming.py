"""What grows with the site is loaded beside the first requests: nobody waits for it, and no proxy sends them early."""

import threading
import time

from django.db import connections
from django.dispatch import Signal

from garden.signals import server_warms_up

PATIENCE = 60.0
"""Seconds. A process that has not loaded everything by then asks for visitors all the same: any order beats none."""


class WarmUp:
    """Of one process. Where none was begun, as in a command or a test, everything is loaded when it is asked for."""

    def __init__(self, signal: Signal = server_warms_up, patience: float = PATIENCE) -> None:
        self._signal, self._patience = signal, patience
        self._thread: threading.Thread | None = None
        self._patient_until = 0.0

    def begin(self) -> None:
        self._patient_until = time.monotonic() + self._patience
        self._thread = threading.Thread(target=self._load, name="warm-up", daemon=True)
        self._thread.start()

    def is_under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def keeps_visitors_away(self) -> bool:
        """Whether another process would serve them better."""
        return self.is_under_way() and time.monotonic() < self._patient_until

    def _load(self) -> None:
        try:
            self._signal.send_robust(sender=None)
        finally:
            connections.close_all()


warm_up = WarmUp()
