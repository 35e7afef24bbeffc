"""The words of scripts: every one is translated, and a browser keeps the words of its language for good."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from garden.pages.script_catalog import catalog_of

CALLS = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
OPTIONS = {"parse_template_string": True}
CALL = re.compile(r"\b(?:p|n)?gettext\((?!msgid|context|singular)\s*(?P<quote>[\"'`])?")
Key = tuple[str | None, str]


def scripts(app: str) -> Iterator[Path]:
    return (path for path in (Path(settings.BASE_DIR) / app / "static").rglob("*.js") if path.name != "i18n.js")


def words_in(script: Path) -> list[Key]:
    """By context and id; of words that count, how they are for one."""
    found = extract_from_file("javascript", str(script), keywords=CALLS, options=OPTIONS)
    return [(context, text if isinstance(text, str) else text[0]) for _line, text, _comments, context in found]


def translations(app: str, language: str) -> dict[Key, str]:
    path = Path(settings.BASE_DIR) / app / "locale" / language / "LC_MESSAGES" / "djangojs.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id and not entry.fuzzy]
    return {
        (entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]): "".join(entry.string or "")
        for entry in entries
    }


@pytest.mark.parametrize("app", ["garden", "recommend", "generation", "curation"])
@pytest.mark.parametrize("language", ["ko", "ja"])
def test_the_catalogue_has_each_word_of_the_scripts_and_no_other(app: str, language: str) -> None:
    translated = translations(app, language)
    used = {word for script in scripts(app) for word in words_in(script)}
    assert {word for word in used if not translated.get(word)} == set()
    assert set(translated) - used == set()


@pytest.mark.parametrize("app", ["garden", "recommend", "generation", "curation"])
def test_every_word_is_written_out_where_it_is_used(app: str) -> None:
    """A word in a variable, or in the values of another, is not found by who collects them."""
    for script in scripts(app):
        calls = list(CALL.finditer(script.read_text(encoding="utf-8")))
        assert [call for call in calls if not call["quote"]] == [], script
        assert len(calls) == len(words_in(script)), script


def test_a_page_of_staff_names_the_catalogue_of_its_language(admin_client: Client) -> None:
    admin_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ko"
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert f'<script src="{address("ko")}" defer></script>' in page


def test_a_browser_keeps_a_catalogue_for_good(client: Client) -> None:
    response = client.get(address("ko"))
    assert {"immutable", "max-age=31536000", "public"} == set(response["Cache-Control"].split(", "))
    assert json.dumps("낱말 {count}개를 찾았습니다.") in response.content.decode()


def test_a_page_of_another_version_gets_the_words_but_does_not_keep_them(client: Client) -> None:
    response = client.get(reverse("script-catalog", args=["ja", "0123456789ab"]))
    assert "no-store" in response["Cache-Control"]
    assert response.content == catalog_of("ja")[0]


def test_there_is_none_of_another_language(client: Client) -> None:
    assert client.get(reverse("script-catalog", args=["xx", "0123456789ab"])).status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1,200 words were found."), ("ko", "낱말 1,200개를 찾았습니다."), ("ja", "1,200 語が見つかりました。")],
)
def test_scripts_say_it_in_the_language_of_the_page(language: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "catalog.cjs").write_bytes(catalog_of(language)[0])
    lib = Path(settings.BASE_DIR) / "garden" / "static" / "garden" / "lib"
    program = f"""
      globalThis.window = globalThis;
      globalThis.document = {{ documentElement: {{ lang: "{language}" }} }};
      const {{ readFileSync }} = await import("node:fs");
      (0, eval)(readFileSync("{tmp_path}/catalog.cjs", "utf8"));
      const {{ gettext }} = await import("{lib}/i18n.js");
      console.log(JSON.stringify(gettext("{{count}} words were found.", {{ count: 1200 }})));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == said


def address(language: str) -> str:
    with override(language):
        return reverse("script-catalog", args=[language, catalog_of(language)[1]])
