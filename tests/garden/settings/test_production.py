"""Production refuses to start half-configured: each rule is tried in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WHOLE = {
    "DJANGO_SETTINGS_MODULE": "garden.settings.production",
    "SECRET_KEY": "a-long-and-random-enough-key-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "garden.example",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**keep, **WHOLE, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_when_everything_is_said() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be random"),
        ({"SECRET_KEY": "django-insecure-" + "x1y2z3" * 10}, "SECRET_KEY must be random"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name"),
        ({"KIOSK_ACCESS": "open"}, "ALLOW_OPEN_KIOSKS=1"),
        ({"KIOSK_ACCESS": "ajar"}, "KIOSK_ACCESS must be one of keys, open, not 'ajar'"),
        ({"DATABASE_URL": "postgres://garden:secret@db:port/garden"}, "DATABASE_URL must have a number as its port"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 16 characters"),
        ({"WORKER_METRICS_ADDRESS": "9101"}, "WORKER_METRICS_ADDRESS must be as in 127.0.0.1:9101"),
        ({"DIFFUSERS_OPTIONS": '{"max_batch": 8}'}, "DIFFUSERS_OPTIONS has no effect without DIFFUSERS_MODEL"),
        ({"SAGEMAKER": '{"inpaint_endpoints": ["a"]}'}, "SAGEMAKER must name endpoints"),
    ],
)
def test_it_refuses_to_start_half_configured(changes: dict[str, str], complaint: str) -> None:
    outcome = start(**changes)
    assert outcome.returncode != 0
    assert complaint in outcome.stderr


def manage(*command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**keep, **WHOLE, "PUBLIC_URL": "https://garden.example", **changes}
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_whole_site_passes_djangos_deployment_check_and_one_without_its_files_does_not(tmp_path: Path) -> None:
    """Pages without their files are refused before the first visitor, in words."""
    place = {"DATA_DIR": str(tmp_path)}
    checked = manage("manage.py", "check", "--deploy", "--fail-level", "WARNING", **place)
    assert checked.returncode == 1
    assert "were not collected" in checked.stderr
    assert "(security.W" not in checked.stderr
    served = manage("-c", "import garden.wsgi", **place)
    assert served.returncode != 0
    assert f"not collected in {tmp_path / 'static'}. Run: manage.py collectstatic --noinput" in served.stderr
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    checked = manage("manage.py", "check", "--deploy", "--fail-level", "WARNING", **place)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_it_opens_kiosks_when_configured_so() -> None:
    assert start(KIOSK_ACCESS="open", ALLOW_OPEN_KIOSKS="1").returncode == 0


def test_its_cookies_are_of_this_host_alone_over_tls_and_for_no_script() -> None:
    """What browsers demand of `__Host-`: Secure, no Domain, Path=/. Asked of the answers, not of the settings."""
    asked = "\n".join(
        [
            "import django; django.setup()",
            "from django.conf import settings",
            "settings.SESSION_ENGINE = 'django.contrib.sessions.backends.signed_cookies'",
            "from django.contrib.sessions.middleware import SessionMiddleware",
            "from django.http import HttpResponse",
            "from django.middleware.csrf import CsrfViewMiddleware, get_token",
            "from django.test import RequestFactory",
            "request = RequestFactory().get('/', secure=True, headers={'host': 'garden.example'})",
            "def view(request):",
            "    request.session['seen'] = 1; get_token(request); return HttpResponse()",
            "answer = SessionMiddleware(CsrfViewMiddleware(view))(request)",
            "print(answer.cookies.output(header=''))",
        ]
    )
    done = manage("-c", asked)
    assert done.returncode == 0, done.stderr
    cookies = {line.split("=")[0].strip(): line for line in done.stdout.splitlines()}
    assert set(cookies) == {"__Host-session", "__Host-csrf"}
    for cookie in cookies.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie


def test_behind_a_proxy_it_reads_refused_requests_and_trusts_its_scheme() -> None:
    shown = "from django.conf import settings; print(settings.MIDDLEWARE[0], settings.SECURE_PROXY_SSL_HEADER)"
    assert "DrainBodyMiddleware" not in manage("-c", shown).stdout
    assert manage("-c", shown).stdout.endswith("None\n")
    behind = manage("-c", shown, NUM_PROXIES="1").stdout.strip()
    assert behind == "garden.limits.DrainBodyMiddleware ('HTTP_X_FORWARDED_PROTO', 'https')"


def test_forms_of_its_own_hosts_are_trusted_over_tls_alone() -> None:
    """A proxy may change the host name that Django sees."""
    shown = "from django.conf import settings; print(settings.CSRF_TRUSTED_ORIGINS)"
    hosts = {"ALLOWED_HOSTS": "garden.example,.museum.example", "PUBLIC_URL": "https://phones.example:8443/x"}
    trusted = "['https://garden.example', 'https://*.museum.example', 'https://phones.example:8443']"
    assert manage("-c", shown, **hosts).stdout.strip() == trusted
