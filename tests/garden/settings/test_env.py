from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_bool, env_choice, env_int, env_list, env_number, env_numbers, env_secret, env_str


@pytest.mark.parametrize(("text", "value"), [("1", True), ("YES", True), ("off", False), ("false", False)])
def test_it_reads_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("SWITCH", text)
    assert env_bool("SWITCH", not value) is value


def test_it_refuses_junk_for_a_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "maybe")
    with pytest.raises(ImproperlyConfigured, match="SWITCH must be one of"):
        env_bool("SWITCH", True)


@pytest.mark.parametrize("text", ["many", "1.5", "-1"])
def test_it_refuses_junk_for_a_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("COUNT", text)
    with pytest.raises(ImproperlyConfigured, match="COUNT must be"):
        env_int("COUNT", 3)


@pytest.mark.parametrize(
    ("text", "words"), [("much", "a number"), ("-1", "at least 0"), ("nan", "at least 0"), ("inf", "at least")]
)
def test_it_refuses_what_is_no_measure(monkeypatch: pytest.MonkeyPatch, text: str, words: str) -> None:
    monkeypatch.setenv("PRICE", text)
    with pytest.raises(ImproperlyConfigured, match=f"PRICE must be {words}"):
        env_number("PRICE", 1.0)


def test_it_refuses_a_measure_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDS", "0")
    assert env_number("SECONDS", 4.0) == 0
    with pytest.raises(ImproperlyConfigured, match="SECONDS must be above 0, not 0"):
        env_number("SECONDS", 4.0, above=0)


def test_it_names_the_choices_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESS", "ajar")
    with pytest.raises(ImproperlyConfigured, match="keys, open"):
        env_choice("ACCESS", ("keys", "open"), "keys")


def test_it_drops_empty_parts_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", "a.example, ,b.example,")
    assert env_list("HOSTS") == ["a.example", "b.example"]


def test_it_reads_a_number_for_each_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRICES", "diffusers = 3, painter=0,")
    assert env_numbers("PRICES", most=9) == {"diffusers": 3, "painter": 0}
    monkeypatch.delenv("PRICES")
    assert env_numbers("PRICES", most=9) == {}


@pytest.mark.parametrize("text", ["painter", "painter=", "=3", "painter=-1", "painter=1.5", "painter=10", "a=1,a=2"])
def test_it_refuses_junk_for_numbers_of_words(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PRICES", text)
    with pytest.raises(ImproperlyConfigured, match="PRICES must be word=number, each word once, 0 to 9"):
        env_numbers("PRICES", most=9)


def test_it_reads_a_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    assert env_str("TOKEN") == "from the file"


def test_it_says_which_file_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_FILE", "/nowhere/at/all")
    with pytest.raises(ImproperlyConfigured, match="/nowhere/at/all"):
        env_str("TOKEN")


def test_it_refuses_a_secret_that_is_said_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file", encoding="utf-8")
    monkeypatch.setenv("TOKEN", "from the environment")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match="TOKEN and TOKEN_FILE are both set"):
        env_secret("TOKEN")


@pytest.mark.parametrize(("content", "complaint"), [(b" \n", "which is empty"), (b"\xff\xfe", "not text in UTF-8")])
def test_it_refuses_a_file_that_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, complaint: str
) -> None:
    (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match=complaint):
        env_secret("TOKEN")


def test_it_never_tells_a_secret_that_it_refuses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOKEN", "very-private")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured) as refusal:
        env_secret("TOKEN")
    assert "very-private" not in str(refusal.value)


def test_it_says_what_must_be_set() -> None:
    with pytest.raises(ImproperlyConfigured, match="NEVER_SET must be set"):
        env_str("NEVER_SET")
