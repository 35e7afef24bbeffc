"""Typed readers of environment variables: what they read, and what they refuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from garden.settings import access, env, site


@pytest.fixture(autouse=True)
def declarations(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests declare is forgotten after them."""
    monkeypatch.setattr(env, "VARIABLES", {})
    monkeypatch.setattr(env, "SECRETS", {})


@pytest.mark.parametrize(("text", "value"), [("1", True), ("YES", True), ("off", False), ("false", False)])
def test_it_reads_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("SWITCH", text)
    assert env.boolean("SWITCH", not value, "") is value


def test_it_refuses_junk_for_a_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "maybe")
    with pytest.raises(ImproperlyConfigured, match="SWITCH must be one of"):
        env.boolean("SWITCH", True, "")


@pytest.mark.parametrize("text", ["many", "1.5", "-1"])
def test_it_refuses_junk_for_a_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("COUNT", text)
    with pytest.raises(ImproperlyConfigured, match="COUNT must be"):
        env.integer("COUNT", 3, "")


@pytest.mark.parametrize("text", ["much", "-0.1", "1.1", "nan", "inf"])
def test_it_refuses_what_is_no_share(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SHARE", text)
    with pytest.raises(ImproperlyConfigured, match="SHARE must be a number from 0 to 1"):
        env.share("SHARE", 0.5, "")


def test_it_names_the_choices_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESS", "ajar")
    with pytest.raises(ImproperlyConfigured, match="keys, open"):
        env.choice("ACCESS", ("keys", "open"), "keys", "")


def test_it_drops_empty_parts_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", "a.example, ,b.example,")
    assert env.strings("HOSTS", "", "") == ["a.example", "b.example"]


def test_it_reads_prices_of_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETOUCH_PRICES", "diffusers = 3, painter=0,")
    assert site.retouch_prices() == {"diffusers": 3, "painter": 0}
    monkeypatch.delenv("RETOUCH_PRICES")
    assert site.retouch_prices() == {}


def test_it_reads_limits_of_the_quality_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACE_QUALITY_LIMITS", "darkest=0.1, most_yaw = off")
    assert site.face_quality_limits() == {"darkest": 0.1, "most_yaw": None}


def test_it_reads_throttle_rates_over_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROTTLE_RATES", "emotion=30/min")
    assert access.throttle_rates() == {
        "emotion": "30/min",
        "garden": "600/min",
        "like": "600/min",
        "grow": "60/min",
        "growth": "6000/min",
        "heartbeat": "1200/min",
    }


@pytest.mark.parametrize(
    ("name", "text", "read", "rule"),
    [
        ("RETOUCH_PRICES", "painter", site.retouch_prices, "painter must be a whole number from 0 to 1000, not ''"),
        ("RETOUCH_PRICES", "=3", site.retouch_prices, "word=value pairs, each word once"),
        ("RETOUCH_PRICES", "a=1,a=2", site.retouch_prices, "word=value pairs, each word once"),
        ("RETOUCH_PRICES", "painter=-1", site.retouch_prices, "painter must be a whole number"),
        ("RETOUCH_PRICES", "painter=1.5", site.retouch_prices, "painter must be a whole number"),
        ("RETOUCH_PRICES", "painter=1001", site.retouch_prices, "painter must be a whole number from 0 to 1000"),
        ("RETOUCH_PRICES", "painter=10000000", site.retouch_prices, "painter must be a whole number from 0 to 1000"),
        ("FACE_QUALITY_LIMITS", "darkest=dim", site.face_quality_limits, "darkest must be `off` or a number from 0 on"),
        ("FACE_QUALITY_LIMITS", "darkest=-1", site.face_quality_limits, "darkest must be `off` or a number"),
        ("FACE_QUALITY_LIMITS", "darkest=inf", site.face_quality_limits, "darkest must be `off` or a number"),
        ("FACE_QUALITY_LIMITS", "darkest=nan", site.face_quality_limits, "darkest must be `off` or a number"),
        ("FACE_QUALITY_LIMITS", "darkest", site.face_quality_limits, "darkest must be `off` or a number"),
        ("FACE_QUALITY_LIMITS", "yaw=30", site.face_quality_limits, "knows .*most_yaw.*not 'yaw'"),
        ("THROTTLE_RATES", "emotion=many", access.throttle_rates, "emotion must be a rate as in"),
        ("THROTTLE_RATES", "emotion=1/fortnight", access.throttle_rates, "emotion must be a rate as in"),
        (
            "THROTTLE_RATES",
            "photos=1/min",
            access.throttle_rates,
            "knows emotion, garden, like, grow, growth, heartbeat",
        ),
    ],
)
def test_it_refuses_junk_for_pairs(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, read: Callable[[], Any], rule: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ImproperlyConfigured, match=f"{name}.*{rule}"):
        read()


def test_a_backend_is_a_dotted_path_or_an_entry_with_options(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.backend("ANALYZER", "a.Default", "") == {"BACKEND": "a.Default", "OPTIONS": {}}
    monkeypatch.setenv("ANALYZER", "a.Own")
    assert env.backend("ANALYZER", "a.Default", "") == {"BACKEND": "a.Own", "OPTIONS": {}}
    entry = {"BACKEND": "a.Own", "OPTIONS": {"region": "eu-west-1", "attempts": 3}}
    monkeypatch.setenv("ANALYZER", json.dumps(entry))
    assert env.backend("ANALYZER", "a.Default", "") == entry


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{", "must be a JSON object"),
        ('{"OPTIONS": {}}', "must be a dotted path or"),
        ('{"BACKEND": "a.B", "options": {}}', "must be a dotted path or"),
        ('{"BACKEND": "a.B", "OPTIONS": []}', "OPTIONS must be an object"),
    ],
)
def test_it_refuses_junk_for_a_backend(monkeypatch: pytest.MonkeyPatch, text: str, rule: str) -> None:
    monkeypatch.setenv("ANALYZER", text)
    with pytest.raises(ImproperlyConfigured, match=f"ANALYZER.*{rule}"):
        env.backend("ANALYZER", "a.Default", "")


def test_it_reads_an_object_of_known_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    known = ("campaign", "filter")
    assert env.options("SERVICE", "", known=known) == {}
    monkeypatch.setenv("SERVICE", '{"campaign": "a", "filter": "b"}')
    assert env.options("SERVICE", "", known=known) == {"campaign": "a", "filter": "b"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("campaign", "must be a JSON object"),
        ("[1]", "must be a JSON object"),
        ('{"campain": "a"}', "knows campaign, filter, not 'campain'"),
        ('{"campaign": 1}', "campaign must be text"),
    ],
)
def test_it_refuses_junk_for_an_object(monkeypatch: pytest.MonkeyPatch, text: str, rule: str) -> None:
    monkeypatch.setenv("SERVICE", text)
    with pytest.raises(ImproperlyConfigured, match=f"SERVICE.*{rule}"):
        env.options("SERVICE", "", known=("campaign", "filter"))


def test_it_reads_a_secret_from_a_file_and_notes_where_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    assert env.text("TOKEN", None, "", secret=True) == "from the file"
    monkeypatch.setenv("KEY", "from the environment")
    assert env.text("KEY", None, "", secret=True) == "from the environment"
    assert {"TOKEN": str(tmp_path / "secret"), "KEY": None} == env.SECRETS


def test_a_value_that_starts_with_a_dollar_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable stands for another: a secret may be any text."""
    monkeypatch.setenv("TOKEN", "$HOME")
    assert env.text("TOKEN", None, "", secret=True) == "$HOME"


def test_it_says_which_file_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_FILE", "/nowhere/at/all")
    with pytest.raises(ImproperlyConfigured, match="/nowhere/at/all"):
        env.text("TOKEN", None, "")


@pytest.mark.parametrize(("content", "complaint"), [(b" \n", "which is empty"), (b"\xff\xfe", "not text in UTF-8")])
def test_it_refuses_a_file_that_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, complaint: str
) -> None:
    (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match=complaint):
        env.text("TOKEN", None, "", secret=True)


def test_a_secret_that_is_set_twice_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file", encoding="utf-8")
    monkeypatch.setenv("TOKEN", "very-private")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match="TOKEN and TOKEN_FILE are both set") as refusal:
        env.text("TOKEN", None, "", secret=True)
    assert "very-private" not in str(refusal.value)


def test_it_says_what_must_be_set() -> None:
    with pytest.raises(ImproperlyConfigured, match="NEVER_SET must be set"):
        env.text("NEVER_SET", None, "")
