"""`deploy/caddy/Caddyfile`: what the public may request, and what is not logged of who requests."""

import re

import pytest

from tests.deploy.known import ROOT

TEXT = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8")


def pattern(name: str) -> re.Pattern[str]:
    """The regular expression of a named matcher."""
    found = re.search(rf"@{name} (?:header_regexp Content-Length|path_regexp) (\S+)", TEXT)
    assert found
    return re.compile(found[1])


def test_pages_of_operators_are_not_public() -> None:
    assert "@operators path /metrics /healthz /healthz/*\n\trespond @operators 404" in TEXT


@pytest.mark.parametrize(
    ("length", "refused"), [("11999999", False), ("12000000", True), ("5", False), ("9" * 12, True)]
)
def test_a_body_that_announces_too_much_is_refused_at_once(length: str, refused: bool) -> None:
    assert bool(pattern("large").search(length)) is refused


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/emotions/happy/x.jpeg", True),
        ("/derived/640/emotions/happy/cat/x.jpeg.avif", True),
        ("/imgPool/happy/x.jpeg", False),
        ("/derived/640/imgPool/happy/x.jpeg.avif", False),
        ("/trash/emotions/x.jpeg", False),
    ],
)
def test_only_published_pictures_leave_the_bucket(path: str, shown: bool) -> None:
    assert bool(pattern("published").search(path)) is shown


def test_slow_requests_are_ended_and_bodies_are_handed_on_whole() -> None:
    assert all(f"{limit}s" in TEXT for limit in ("read_header 10", "read_body 30"))
    (largest,) = re.findall(r"max_size (\S+)", TEXT)
    assert re.findall(r"request_buffers (\S+)", TEXT) == [largest]


def test_a_failed_request_takes_no_server_out_of_rotation() -> None:
    """A photo refused before it is read breaks its connection; only the garden's own health may take it out."""
    assert "health_uri /healthz/" in TEXT
    assert not re.search(r"^\s*(fail_duration|max_fails|unhealthy_\w+)\b", TEXT, re.MULTILINE)


def test_it_logs_nobody() -> None:
    (deleted,) = re.findall(r"log default \{.*?fields \{(.*?)\}", TEXT, re.DOTALL)
    fields = set(re.findall(r"(\S+) delete", deleted))
    assert fields >= {"request>remote_ip", "request>client_ip", "request>headers", "request>uri", "resp_headers"}
    assert TEXT.count("format filter") == 1
