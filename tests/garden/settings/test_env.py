from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_bool, env_choice, env_int, env_list, env_str


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


def test_it_names_the_choices_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESS", "ajar")
    with pytest.raises(ImproperlyConfigured, match="keys, open"):
        env_choice("ACCESS", ("keys", "open"), "keys")


def test_it_drops_empty_parts_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", "a.example, ,b.example,")
    assert env_list("HOSTS") == ["a.example", "b.example"]


def test_it_reads_a_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "secret"))
    assert env_str("TOKEN") == "from the file"


def test_it_says_which_file_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_FILE", "/nowhere/at/all")
    with pytest.raises(ImproperlyConfigured, match="/nowhere/at/all"):
        env_str("TOKEN")


def test_it_says_what_must_be_set() -> None:
    with pytest.raises(ImproperlyConfigured, match="NEVER_SET must be set"):
        env_str("NEVER_SET")
