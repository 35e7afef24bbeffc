"""A web process that misses the signal to stop is ended by granian, before the machine ends granian."""

import re

import pytest

from tests.deploy.known import ROOT

KILLED_AFTER = r"GRANIAN_WORKERS_KILL_TIMEOUT=(\d+)"
IMAGE, UNIT = "Dockerfile", "deploy/systemd/garden-web.service"


@pytest.mark.parametrize(
    ("given_in", "bounded_in", "bound"),
    [
        (IMAGE, "compose.yaml", r"\n  web:\n(?:    .*\n|\n)*?    stop_grace_period: (\d+)s"),
        (IMAGE, "deploy/kubernetes/web.yaml", r"terminationGracePeriodSeconds: (\d+)"),
        (UNIT, UNIT, r"TimeoutStopSec=(\d+)"),
    ],
)
def test_a_web_process_that_does_not_stop_is_ended_in_time(given_in: str, bounded_in: str, bound: str) -> None:
    assert 0 < _seconds(given_in, KILLED_AFTER) < _seconds(bounded_in, bound)


def _seconds(file: str, pattern: str) -> int:
    found = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"))
    assert found, f"{file}: {pattern}"
    return int(found[1])
