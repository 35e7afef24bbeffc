"""What curators say of look-alikes, taken back and remembered."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from curation.duplicates.groups import place_picture
from curation.duplicates.hashing import PictureHash
from curation.duplicates.listing import unresolved_members
from curation.duplicates.resolutions import GroupGoneError, LargeGroupError, resolve_group, undo_resolution
from curation.errors import OperationConflictError
from curation.models import BulkOperation, Decision, Fingerprint, Resolution, Vote
from curation.services import NewDecision, decide
from garden.models import Image
from recommend.models import ImageRate
from tests.curation.alike import GRADIENT, group_ids, open_sizes, placed
from tests.curation.cast import member

pytestmark = pytest.mark.django_db
How = Resolution.How


@pytest.fixture
def kim() -> User:
    return member("curator")


@pytest.fixture
def alike() -> list[Fingerprint]:
    """Three of a group; the last is the sharpest."""
    return [placed(0, sharpness=n, key=f"imgPool/calm/img_{n}h.jpeg", published_at=None) for n in range(3)]


def group_of(fingerprint: Fingerprint) -> int:
    return Fingerprint.objects.get(pk=fingerprint.pk).group or 0


def say(how: str, alike: list[Fingerprint], by: User, **more: Any) -> Resolution:
    return resolve_group(group=group_of(alike[0]), how=how, by=by, resolution_id=uuid.uuid4(), **more)


def verdicts() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("verdict", flat=True))


def states() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("state", flat=True))


def best(alike: list[Fingerprint]) -> int:
    return unresolved_members([group_of(alike[0])])[group_of(alike[0])][0].image.pk


def test_the_best_is_what_curators_then_visitors_then_sharpness_say(alike: list[Fingerprint]) -> None:
    assert best(alike) == alike[2].pk
    ImageRate.objects.create(image_id=alike[1].pk, group="adult/Female", shown=9, liked=3)
    assert best(alike) == alike[1].pk
    Image.objects.filter(pk=alike[0].pk).update(rating=4)
    assert best(alike) == alike[0].pk
    Image.objects.filter(pk=alike[2].pk).update(verdict="like")
    assert best(alike) == alike[2].pk


def test_the_others_are_disliked_and_it_can_be_taken_back(alike: list[Fingerprint], kim: User) -> None:
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "like", 3)])
    said = say(How.KEEP_BEST, alike, kim)
    assert (said.best_id, verdicts()) == (alike[0].pk, ["like", "dislike", "dislike"])
    assert open_sizes() == []
    undo_resolution(resolution=said, by=kim)
    assert verdicts() == ["like", "", ""]
    assert open_sizes() == [3]
    assert Vote.objects.count() == 1


def test_a_curator_chooses_another_than_the_best(alike: list[Fingerprint], kim: User) -> None:
    say(How.KEEP_BEST, alike, kim, image=alike[0].pk)
    assert verdicts() == ["", "dislike", "dislike"]


def test_a_rating_survives_the_dislike(alike: list[Fingerprint], kim: User) -> None:
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "", 3)])
    say(How.KEEP_BEST, alike, kim, image=alike[2].pk)
    assert Vote.objects.get(image=alike[0].pk).rating == 3


def test_taking_back_leaves_what_was_decided_since(alike: list[Fingerprint], kim: User) -> None:
    said = say(How.KEEP_BEST, alike, kim)
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "like")])
    undo_resolution(resolution=said, by=kim)
    assert verdicts() == ["like", "", ""]
    assert Decision.objects.count() == 4


def test_the_others_go_to_the_trash_as_one_act_that_is_undone(alike: list[Fingerprint], kim: User) -> None:
    said = say(How.REMOVE_OTHERS, alike, kim)
    assert states() == ["trash", "trash", "pool"]
    assert BulkOperation.objects.get().total == 2
    undo_resolution(resolution=said, by=kim)
    assert states() == ["pool"] * 3
    assert open_sizes() == [3]


def test_keeping_all_is_remembered_until_a_new_one_comes(alike: list[Fingerprint], kim: User) -> None:
    say(How.KEEP_ALL, alike, kim)
    assert open_sizes() == []
    placed(0)
    assert open_sizes() == [4]


def test_one_that_is_not_alike_leaves_and_stays_away(alike: list[Fingerprint], kim: User) -> None:
    said = say(How.NOT_ALIKE, alike, kim, image=alike[1].pk)
    assert group_of(alike[1]) == 0
    assert open_sizes() == [2]
    assert Fingerprint.objects.exclude(not_alike={}).count() == 3
    place_picture(image=alike[1].image, hashed=PictureHash(alike[1].phash, GRADIENT, 1.0))
    assert group_of(alike[1]) == 0
    undo_resolution(resolution=said, by=kim)
    assert open_sizes() == [3]
    assert not Fingerprint.objects.exclude(not_alike={}).exists()


def test_none_are_alike(alike: list[Fingerprint], kim: User) -> None:
    said = say(How.NOT_ALIKE, alike, kim)
    assert group_ids() == []
    undo_resolution(resolution=Resolution.objects.get(pk=said.pk), by=kim)
    assert open_sizes() == [3]


def test_too_many_pairs_are_refused(alike: list[Fingerprint], kim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.duplicates.resolutions.MOST_PAIRS_OF", 2)
    with pytest.raises(LargeGroupError):
        say(How.NOT_ALIKE, alike, kim)
    assert not Resolution.objects.exists()


def test_the_same_word_twice_is_one(alike: list[Fingerprint], kim: User) -> None:
    said = say(How.KEEP_BEST, alike, kim)
    again = resolve_group(group=said.group, how=How.KEEP_BEST, by=kim, resolution_id=said.pk)
    assert again == said
    assert Decision.objects.count() == 2
    undo_resolution(resolution=said, by=kim)
    undo_resolution(resolution=said, by=kim)
    assert Decision.objects.count() == 4


def test_what_is_settled_cannot_be_settled_by_a_second_curator(alike: list[Fingerprint], kim: User) -> None:
    say(How.REMOVE_OTHERS, alike, kim)
    with pytest.raises(GroupGoneError):
        say(How.KEEP_BEST, alike, member("curator", "lee"))


def test_nobody_takes_back_the_votes_of_others(alike: list[Fingerprint], kim: User) -> None:
    said = say(How.KEEP_BEST, alike, kim)
    with pytest.raises(OperationConflictError):
        undo_resolution(resolution=said, by=member("curator", "lee"))


def test_a_picture_that_left_the_group_cannot_be_kept(alike: list[Fingerprint], kim: User) -> None:
    with pytest.raises(GroupGoneError):
        say(How.KEEP_BEST, alike, kim, image=4711)


def test_a_group_of_a_number_that_no_row_can_have_is_gone(kim: User) -> None:
    with pytest.raises(GroupGoneError):
        resolve_group(group=10**30, how=How.KEEP_ALL, by=kim, resolution_id=uuid.uuid4())
