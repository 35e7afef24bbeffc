"""What curators say of look-alikes, taken back and remembered."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from curation.errors import ActConflictError
from curation.likeness.best import rivals_of
from curation.likeness.settling import GroupGoneError, LargeGroupError, settle_group, undo_settlement
from curation.models import Act, AlikeGroup, Apart, Decision, Likeness, Settlement, Vote
from curation.services import NewDecision, decide
from garden.models import Image
from recommend.models import ImageRate
from tests.curation.alike import placed
from tests.curation.cast import member

pytestmark = pytest.mark.django_db
How = Settlement.How


@pytest.fixture
def kim() -> User:
    return member("curator")


@pytest.fixture
def alike() -> list[Likeness]:
    """Three of a group; the last is the sharpest."""
    return [placed(0, sharpness=n, key=f"imgPool/calm/img_{n}h.jpeg", published_at=None) for n in range(3)]


def group_of(likeness: Likeness) -> int:
    return Likeness.objects.get(pk=likeness.pk).group_id or 0


def say(how: str, alike: list[Likeness], by: User, **more: Any) -> Settlement:
    return settle_group(group=group_of(alike[0]), how=how, by=by, settlement_id=uuid.uuid4(), **more)


def verdicts() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("verdict", flat=True))


def states() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("state", flat=True))


def best(alike: list[Likeness]) -> int:
    return rivals_of([group_of(alike[0])])[group_of(alike[0])][0].image.pk


def test_the_best_is_what_curators_then_visitors_then_sharpness_say(alike: list[Likeness]) -> None:
    assert best(alike) == alike[2].pk
    ImageRate.objects.create(image_id=alike[1].pk, group="adult/Female", shown=9, liked=3)
    assert best(alike) == alike[1].pk
    Image.objects.filter(pk=alike[0].pk).update(rating=4)
    assert best(alike) == alike[0].pk
    Image.objects.filter(pk=alike[2].pk).update(verdict="like")
    assert best(alike) == alike[2].pk


def test_the_others_are_disliked_and_it_can_be_taken_back(alike: list[Likeness], kim: User) -> None:
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "like", 3)])
    said = say(How.KEEP_BEST, alike, kim)
    assert (said.best_id, verdicts()) == (alike[0].pk, ["like", "dislike", "dislike"])
    assert not AlikeGroup.objects.open().exists()
    undo_settlement(settlement=said, by=kim)
    assert verdicts() == ["like", "", ""]
    assert AlikeGroup.objects.open().get().size == 3
    assert Vote.objects.count() == 1


def test_a_curator_chooses_another_than_the_best(alike: list[Likeness], kim: User) -> None:
    say(How.KEEP_BEST, alike, kim, image=alike[0].pk)
    assert verdicts() == ["", "dislike", "dislike"]


def test_a_rating_survives_the_dislike(alike: list[Likeness], kim: User) -> None:
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "", 3)])
    say(How.KEEP_BEST, alike, kim, image=alike[2].pk)
    assert Vote.objects.get(image=alike[0].pk).rating == 3


def test_taking_back_leaves_what_was_decided_since(alike: list[Likeness], kim: User) -> None:
    said = say(How.KEEP_BEST, alike, kim)
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "like")])
    undo_settlement(settlement=said, by=kim)
    assert verdicts() == ["like", "", ""]
    assert Decision.objects.count() == 4


def test_the_others_go_to_the_trash_as_one_act_that_is_undone(alike: list[Likeness], kim: User) -> None:
    said = say(How.REMOVE_OTHERS, alike, kim)
    assert states() == ["trash", "trash", "pool"]
    assert Act.objects.get().total == 2
    undo_settlement(settlement=said, by=kim)
    assert states() == ["pool"] * 3
    assert AlikeGroup.objects.open().get().size == 3


def test_keeping_all_is_remembered_until_a_new_one_comes(alike: list[Likeness], kim: User) -> None:
    say(How.KEEP_ALL, alike, kim)
    assert not AlikeGroup.objects.open().exists()
    placed(0)
    assert AlikeGroup.objects.open().get().size == 4


def test_one_that_is_not_alike_leaves_and_stays_away(alike: list[Likeness], kim: User) -> None:
    said = say(How.NOT_ALIKE, alike, kim, image=alike[1].pk)
    assert group_of(alike[1]) == 0
    assert AlikeGroup.objects.open().get().size == 2
    assert Apart.objects.count() == 2
    undo_settlement(settlement=said, by=kim)
    assert AlikeGroup.objects.open().get().size == 3
    assert not Apart.objects.exists()


def test_none_are_alike(alike: list[Likeness], kim: User) -> None:
    said = say(How.NOT_ALIKE, alike, kim)
    assert not AlikeGroup.objects.exists()
    undo_settlement(settlement=Settlement.objects.get(pk=said.pk), by=kim)
    assert AlikeGroup.objects.open().get().size == 3


def test_too_many_pairs_are_refused(alike: list[Likeness], kim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.likeness.settling.MOST_PAIRS_OF", 2)
    with pytest.raises(LargeGroupError):
        say(How.NOT_ALIKE, alike, kim)
    assert not Settlement.objects.exists()


def test_the_same_word_twice_is_one(alike: list[Likeness], kim: User) -> None:
    said = say(How.KEEP_BEST, alike, kim)
    again = settle_group(group=said.group_id or 0, how=How.KEEP_BEST, by=kim, settlement_id=said.pk)
    assert again == said
    assert Decision.objects.count() == 2
    undo_settlement(settlement=said, by=kim)
    undo_settlement(settlement=said, by=kim)
    assert Decision.objects.count() == 4


def test_what_is_settled_cannot_be_settled_by_a_second_curator(alike: list[Likeness], kim: User) -> None:
    say(How.REMOVE_OTHERS, alike, kim)
    with pytest.raises(GroupGoneError):
        say(How.KEEP_BEST, alike, member("curator", "lee"))


def test_nobody_takes_back_the_votes_of_others(alike: list[Likeness], kim: User) -> None:
    said = say(How.KEEP_BEST, alike, kim)
    with pytest.raises(ActConflictError):
        undo_settlement(settlement=said, by=member("curator", "lee"))


def test_a_picture_that_left_the_group_cannot_be_kept(alike: list[Likeness], kim: User) -> None:
    with pytest.raises(GroupGoneError):
        say(How.KEEP_BEST, alike, kim, image=4711)


def test_a_group_of_a_number_that_no_row_can_have_is_gone(kim: User) -> None:
    with pytest.raises(GroupGoneError):
        settle_group(group=10**30, how=How.KEEP_ALL, by=kim, settlement_id=uuid.uuid4())
