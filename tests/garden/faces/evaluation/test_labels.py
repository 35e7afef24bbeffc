"""Labelled photographs: which forms are read, and which words are taken for which."""

from pathlib import Path

import pytest

from garden.faces.evaluation.labels import LabelsError, read_labels
from garden.vocabulary import Emotion, Gender


def written(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def test_it_reads_a_folder_with_labels(tmp_path: Path) -> None:
    written(tmp_path / "labels.csv", "file,person,label", "a.jpg,Ann,happiness", "b.jpg,Ann,neutral")
    first, second = read_labels(tmp_path)
    assert (first.path, first.person, first.emotion) == (tmp_path / "a.jpg", "Ann", Emotion.HAPPY)
    assert second.emotion is Emotion.CALM


def test_it_reads_a_csv_and_finds_the_photographs_beside_it(tmp_path: Path) -> None:
    place = written(tmp_path / "mine.csv", "file,emotion", "deep/a.jpg,Sad")
    (only,) = read_labels(place)
    assert (only.path, only.person, only.emotion) == (tmp_path / "deep" / "a.jpg", "deep/a.jpg", Emotion.SAD)


def test_it_reads_a_folder_of_folders(tmp_path: Path) -> None:
    for label in ("fear", "surprise"):
        written(tmp_path / label / "a.jpg", "")
    written(tmp_path / "fear" / "notes.txt", "")
    assert [each.emotion for each in read_labels(tmp_path)] == [Emotion.FEAR, Emotion.SURPRISED]


def test_contempt_is_no_word_of_the_garden(tmp_path: Path) -> None:
    (only,) = read_labels(written(tmp_path / "labels.csv", "file,label", "a.jpg,contempt"))
    assert (only.label, only.emotion) == ("contempt", None)


def test_it_joins_more_labels_by_file_or_by_person(tmp_path: Path) -> None:
    place = written(tmp_path / "labels.csv", "file,person,label", "a.jpg,Ann,anger", "b.jpg,Bob,anger")
    worn = written(tmp_path / "worn.csv", "file,eyeglasses,beard,chosen", "a.jpg,1,0,likely", "b.jpg,,1,random")
    people = written(tmp_path / "people.csv", "person,gender,born,taken", "Ann,female,1970,2003", "Bob,male,,")
    ann, bob = read_labels(place, [worn, people])
    assert (ann.gender, ann.age, ann.attributes) == (Gender.FEMALE, 33, {"eyeglasses": True, "beard": False})
    assert (ann.likely, bob.likely) == (True, False)
    assert (bob.gender, bob.age, bob.attributes) == (Gender.MALE, None, {"beard": True})


@pytest.mark.parametrize("lines", [["name,label", "a.jpg,happy"], ["file,label"], ["file,age", "a.jpg,old"]])
def test_it_says_what_is_wrong_with_labels(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(LabelsError):
        read_labels(written(tmp_path / "labels.csv", *lines))


def test_it_says_that_a_place_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LabelsError):
        read_labels(tmp_path / "nowhere")
