"""Votes of one curator, of several and of blind ones, and what follows for a picture."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from curation.models import Decision
from curation.services.votes import SETTLED, NewDecision, agreement, decide, decisions_since
from garden.models import Image
from tests.curation.cast import member
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return member("curator", "ann")


@pytest.fixture
def ben() -> User:
    return member("curator", "ben")


@pytest.fixture
def image() -> Image:
    created: Image = ImageFactory.create(key="imgPool/calm/a_0h.jpeg", published_at=None)
    return created


def interact(by: User, image: Image, verdict: str, rating: int | None = None, **more: Any) -> Any:
    new = NewDecision(uuid.uuid4(), image.pk, verdict, rating, **more)
    (decided,) = decide(by=by, decisions=[new]).images
    return decided


def outcome(image: Image) -> tuple[str, int | None]:
    image.refresh_from_db()
    return image.verdict, image.rating


class TestOneCurator:
    def test_a_vote_is_the_outcome(self, ann: User, image: Image) -> None:
        decided = interact(ann, image, "like", 4)
        assert decided.outcome == decided.mine == ("like", 4)
        assert outcome(image) == ("like", 4)

    def test_the_last_vote_counts_and_every_vote_is_recorded(self, ann: User, image: Image) -> None:
        for verdict in ("like", "dislike", "like"):
            interact(ann, image, verdict)
        assert outcome(image) == ("like", None)
        ledger = Decision.objects.order_by("id").values_list("previous_verdict", "verdict")
        assert list(ledger) == [("", "like"), ("like", "dislike"), ("dislike", "like")]

    def test_an_empty_verdict_takes_the_vote_back(self, ann: User, image: Image) -> None:
        interact(ann, image, "like", 5)
        interact(ann, image, "")
        assert outcome(image) == ("", None)
        assert not Decision.objects.current().exists()

    def test_a_rating_stands_without_a_verdict(self, ann: User, image: Image) -> None:
        interact(ann, image, "", 3)
        assert outcome(image) == ("", 3)

    def test_the_same_event_twice_is_one_decision(self, ann: User, image: Image) -> None:
        first = NewDecision(uuid.uuid4(), image.pk, "like")
        decide(by=ann, decisions=[first, first])
        interact(ann, image, "dislike")
        again = decide(by=ann, decisions=[first])
        assert again.images[0].mine.verdict == "dislike"
        assert Decision.objects.count() == 2

    def test_pictures_that_are_gone_are_named_and_the_others_written(self, ann: User, image: Image) -> None:
        requests = [NewDecision(uuid.uuid4(), pk, "like") for pk in (999_999, image.pk)]
        decided = decide(by=ann, decisions=requests)
        assert decided.missing == [999_999]
        assert outcome(image) == ("like", None)

    def test_the_record_outlives_the_picture(self, ann: User, image: Image) -> None:
        interact(ann, image, "like")
        image.delete()
        assert Decision.objects.get().key == "imgPool/calm/a_0h.jpeg"


class TestTwoCurators:
    def test_different_verdicts_are_a_dispute(self, ann: User, ben: User, image: Image) -> None:
        interact(ann, image, "like", 5)
        interact(ben, image, "dislike", 2)
        assert outcome(image) == ("disputed", 4)

    def test_a_settling_vote_decides(self, ann: User, ben: User, image: Image) -> None:
        interact(ann, image, "like")
        interact(ben, image, "dislike")
        interact(member("publisher"), image, "dislike", settles=True)
        assert outcome(image) == ("dislike", None)
        interact(ann, image, "like", 5)
        assert outcome(image) == ("dislike", 5)

    def test_each_curator_receives_the_decisions_of_the_others(self, ann: User, ben: User, image: Image) -> None:
        interact(ann, image, "like")
        assert decisions_since(by=ann, cursor=0, limit=10) == ([], 0)
        (received,), _ = decisions_since(by=ben, cursor=0, limit=10)
        assert (received.curator, received.verdict) == (ann, "like")

    def test_the_cursor_waits_for_what_may_be_committed_late(self, ann: User, ben: User, image: Image) -> None:
        interact(ann, image, "like")
        assert decisions_since(by=ben, cursor=0, limit=10)[1] == 0
        Decision.objects.update(created_at=Decision.objects.get().created_at - SETTLED)
        _, cursor = decisions_since(by=ben, cursor=0, limit=10)
        assert cursor == Decision.objects.get().pk
        assert decisions_since(by=ben, cursor=cursor, limit=10) == ([], cursor)


class TestBlind:
    @pytest.fixture(autouse=True)
    def _blind(self, settings: Any) -> None:
        settings.CURATION_VOTES_NEEDED = 2

    def test_one_vote_of_two_is_no_outcome_and_nobody_receives_it(self, ann: User, ben: User, image: Image) -> None:
        decided = interact(ann, image, "like", 5)
        assert decided.outcome == ("", None)
        assert decided.mine == ("like", 5)
        assert decisions_since(by=ben, cursor=0, limit=10)[0] == []

    @pytest.mark.parametrize(("second", "result"), [("like", "like"), ("dislike", "disputed")])
    def test_the_second_vote_completes_it(self, ann: User, ben: User, image: Image, second: str, result: str) -> None:
        interact(ann, image, "like")
        interact(ben, image, second)
        assert outcome(image)[0] == result
        assert len(decisions_since(by=ben, cursor=0, limit=10)[0]) == 1


def test_agreement_is_measured_beyond_chance(ann: User, ben: User) -> None:
    # 20 both like, 15 both dislike, 5 and 10 differ: Cohen's own worked figures give 0.4.
    table = [("like", "like", 20), ("like", "dislike", 5), ("dislike", "like", 10), ("dislike", "dislike", 15)]
    for one, other, count in table:
        for image in ImageFactory.create_batch(count):
            Decision.objects.create(event=uuid.uuid4(), is_current=True, image=image, curator=ann, verdict=one)
            Decision.objects.create(event=uuid.uuid4(), is_current=True, image=image, curator=ben, verdict=other)
    (measured,) = agreement()
    assert (measured.first, measured.second, measured.pictures) == (ann.pk, ben.pk, 50)
    assert measured.share == pytest.approx(0.7)
    assert measured.kappa == pytest.approx(0.4)


def test_hundreds_of_decisions_take_few_statements(ann: User, django_assert_max_num_queries: Any) -> None:
    images = [ImageFactory.build(key=f"imgPool/calm/{n}_0h.jpeg").fill_from_key() for n in range(300)]
    Image.objects.bulk_create(images)
    requests = [NewDecision(uuid.uuid4(), image.pk, "like" if image.pk % 3 else "dislike", 4) for image in images]
    with django_assert_max_num_queries(40):
        decided = decide(by=ann, decisions=requests)
    assert len(decided.images) == Decision.objects.count() == Decision.objects.current().count() == 300
