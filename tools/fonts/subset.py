"""Subset the Noto fonts to the letters that visitor pages need: `python -m tools.fonts.subset [--check]`.

The full Korean and Japanese fonts come in some hundred files each; a page of our own words needs six hundred letters of
them. The results are committed. Run it again when words change; `--check`, a part of
`make lint`, tells which letters are missing.
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Message
    from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules" / "@fontsource-variable"
FOLDER = ROOT / "garden" / "static" / "garden" / "fonts"
DATES = {"ko": "년월일", "ja": "年月日"}
"""Of dates on the souvenir page."""
_SHEETS = tuple(f"templates/{name}" for name in ("souvenir/", "kiosk/", "wall/", "404", "500"))
"""Pages of few words, some of which scripts make large."""
_LATE = (
    "templates/about/",
    "templates/400",
    "templates/403",
    "templates/503",
    "templates/admin/locked_out",
    "garden/privacy/",
)
"""Many or rare words: their further letters are separate files, loaded on demand."""
_WORDS = ("garden/pages/", "garden/vocabulary")
_HEADING = re.compile(r"<h[12].*?</h[12]>")
_NAMED = re.compile(r"%\((\w+)\)s")
_MARKS = (('_("', '"'), ('_( "', '"'), ('gettext("', '"'), ('translate "', '"'), ("%}", "{%"), ("%} ", " {%"))
"""The text before and after translated words, in files whose white space is single."""
_FILE = re.compile(r'url\("([\w-]+)\.woff2"\)')
_RANGE = re.compile(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", re.IGNORECASE)
_DROPPED = ["GSUB", "BASE", "vhea", "vmtx", "VORG", "STAT", "VVAR"]


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file of ours: which letters of which font, at which weight (None: all), under which family name."""

    name: str
    family: str
    package: str
    weight: int | None
    letters: frozenset[str]
    late: bool = False
    """Whether it is loaded with its words: they are invisible for a moment, rather than empty boxes."""

    @property
    def style(self) -> str:
        ranges = ", ".join(_ranges(self.letters))
        display = "block" if self.late else "swap"
        return (
            f'@font-face {{\n  font-family: "{self.family}";\n  font-display: {display};\n  font-weight: 100 900;\n'
            f'  src: url("{self.name}.woff2") format("woff2");\n  unicode-range: {ranges};\n}}\n'
        )


def _ranges(letters: frozenset[str]) -> Iterable[str]:
    """As CSS has them; neighbours as one."""
    numbered = enumerate(sorted(map(ord, letters)))
    for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        yield f"U+{codes[0]:x}" if len(codes) == 1 else f"U+{codes[0]:x}-{codes[-1]:x}"


def faces() -> list[FontFace]:
    """Latin letters once; Korean and Japanese ones for reading and, fewer, for the big sentences."""
    latin = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) | set("–—‘’“”…•€")
    switch = frozenset("한국어日本語")
    made = [
        FontFace("sans-latin", "Garden Sans", "noto-sans-kr", None, latin),
        FontFace("serif-latin", "Garden Serif", "noto-serif-kr", 330, latin),
        FontFace("names", "Garden Names", "noto-sans-jp", 400, switch - frozenset("한국어")),
        FontFace("names-ko", "Garden Names", "noto-sans-kr", 400, frozenset("한국어")),
    ]
    for language, package in (("ko", "kr"), ("ja", "jp")):
        suffix = language.capitalize()
        for ending, read, large in _cuts(language, latin):
            sans, serif = f"noto-sans-{package}", f"noto-serif-{package}"
            late = bool(ending)
            made.append(FontFace(f"sans-{language}{ending}", f"Garden Sans {suffix}", sans, 400, read, late))
            made.append(FontFace(f"serif-{language}{ending}", f"Garden Serif {suffix}", serif, 330, large, late))
    return made


def _cuts(language: str, latin: frozenset[str]) -> Iterable[tuple[str, frozenset[str], frozenset[str]]]:
    """The suffix of a file name, and its letters for body text and headings: of every page, then late ones."""
    read, large = letters_in(language) - latin, titles_in(language) - latin
    late = frozenset("".join(_translations(language, _LATE))) - {"\n"} - latin
    late_titles = frozenset("".join(_translations(language, (), _LATE))) - {"\n"} - latin
    return [("", read, large), ("-late", late - read, late_titles - large)]


def letters_in(language: str) -> frozenset[str]:
    """Every letter of the visitor pages' words but those seen late."""
    own = (*_SHEETS, *_WORDS)
    text = [*_words(language).values(), *_labels(language), *_translations(language, own), DATES[language]]
    return frozenset("".join(text)) - {"\n"}


def titles_in(language: str) -> frozenset[str]:
    """The letters of headings."""
    words = _words(language)
    starts = ("garden_", "look_", "gift_wall_ask")
    large = [word for key, word in words.items() if key.endswith("_title") or key.startswith(starts)]
    return frozenset("".join([*large, *_translations(language, _SHEETS, _SHEETS)])) - {"\n"}


def _words(language: str) -> dict[str, str]:
    from garden.pages.words import words_in_every_language

    return words_in_every_language()[language]


def _labels(language: str) -> Iterable[str]:
    """Of what is read in a face, and of who reads it."""
    from django.utils.translation import override

    from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS, READERS

    with override(None):
        labels = {str(label) for _, label in (*EMOTIONS, *GENDERS, *GENERATIONS, *READERS)}
    return [str(entry.string) for entry in _entries(language) if entry.id in labels]


def _entries(language: str) -> "list[Message]":
    from babel.messages.pofile import read_po

    catalog = ROOT / "garden" / "locale" / language / "LC_MESSAGES" / "django.po"
    with catalog.open("rb") as file:
        return [entry for entry in read_po(file) if entry.id]


def _translations(language: str, places: tuple[str, ...], headings: tuple[str, ...] = ()) -> Iterable[str]:
    """The translations of these places, and of the headings of those."""
    text = " ".join([_written_in(places), *_HEADING.findall(_written_in(headings))])
    return [
        str(entry.string)
        for entry in _entries(language)
        if any(place.startswith(places) for place, _line in entry.locations) or _is_marked(str(entry.id), text)
    ]


def _written_in(places: tuple[str, ...]) -> str:
    """The text of these files: not every entry of a catalogue names its places."""
    files = [path for folder in ("templates", "garden") for path in sorted((ROOT / folder).rglob("*.*"))]
    chosen = [path for path in files if path.relative_to(ROOT).as_posix().startswith(places)]
    texts = [path.read_text(encoding="utf-8") for path in chosen if path.suffix in (".html", ".py")]
    return " ".join("\n".join(texts).split())


def _is_marked(entry: str, text: str) -> bool:
    """Whole, as code marks it or a template's block holds it, with `{{ name }}` where a catalog has `%(name)s`."""
    written = _NAMED.sub(r"{{ \1 }}", entry).replace("%%", "%")
    return any(f"{before}{written}{after}" in text for before, after in _MARKS)


def cut(face: FontFace, path: Path) -> None:
    """Gather the letters from the font's files, at one weight, into one file."""
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    with tempfile.TemporaryDirectory() as scratch:
        parts: list[str] = []
        left = set(face.letters)
        for source in _sources(face.package):
            font = TTFont(source, recalcTimestamp=False)
            created = font["head"].created
            here = left & {chr(code) for code in font.getBestCmap()}
            if here:
                left -= here
                parts.append(str(_part(font, here, face.weight, Path(scratch) / f"{len(parts)}.ttf")))
        if left:
            raise LookupError(f"{face.package} has no {''.join(sorted(left))!r}.")
        merged = Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])
        merged.recalcTimestamp = False  # The same letters give the same file.
        merged["head"].created = merged["head"].modified = created
        merged.flavor = "woff2"
        merged.save(path)


def _sources(package: str) -> list[Path]:
    """The font's files; the Latin one first, since others hold some of its signs too."""
    files = (PACKAGES / package / "files").glob("*-wght-normal.woff2")
    return sorted(files, key=lambda path: (not path.name.endswith("-latin-wght-normal.woff2"), path.name))


def _part(font: "TTFont", letters: set[str], weight: int | None, path: Path) -> Path:
    from fontTools.subset import Options, Subsetter
    from fontTools.varLib.instancer import instantiateVariableFont

    options = Options(layout_features=["kern"], notdef_outline=True, hinting=False, drop_tables=_DROPPED)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(letters))
    subsetter.subset(font)
    if "…" in letters and "." in letters:
        _lower_ellipsis(font)
    if weight is not None:
        font = instantiateVariableFont(font, {"wght": weight})
    font.flavor = None
    font.save(path)
    return path


def _lower_ellipsis(font: "TTFont") -> None:
    """Three dots on the line, as Latin text has them; those of the Korean and Japanese fonts float in the middle."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

    names = font.getBestCmap()
    dot, ellipsis = names[ord(".")], names[ord("…")]
    width, bearing = font["hmtx"][dot]
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for place in range(3):
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = dot, place * width, 0, 0x4
        glyph.components.append(part)
    font["glyf"][ellipsis] = glyph
    font["gvar"].variations[ellipsis] = []
    font["hmtx"][ellipsis] = (3 * width, bearing)


def missing_letters() -> dict[str, str]:
    """By face: letters of our words that the style sheet does not promise."""
    rules = {match[1]: rule for rule in _style().split("@font-face") if (match := _FILE.search(rule))}
    missing = {face.name: face.letters - _letters_of(rules.get(face.name, "")) for face in faces()}
    return {name: "".join(sorted(letters)) for name, letters in missing.items() if letters}


def _style() -> str:
    return (FOLDER / "fonts.css").read_text(encoding="utf-8")


def _letters_of(rule: str) -> set[str]:
    runs = [(int(first, 16), int(last or first, 16)) for first, last in _RANGE.findall(rule)]
    return {chr(code) for first, last in runs for code in range(first, last + 1)}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    chosen = faces()
    for face in chosen:
        cut(face, FOLDER / f"{face.name}.woff2")
    (FOLDER / "fonts.css").write_text("\n".join(face.style for face in chosen), encoding="utf-8")


if __name__ == "__main__":
    import logging
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
    django.setup()
    if "--check" in sys.argv:
        sys.exit("\n".join(f"{face} has no {letters}" for face, letters in missing_letters().items()) or None)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    main()
