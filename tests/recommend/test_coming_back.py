"""A visitor who comes back when the model has others in mind: what they said is in the ledger."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from garden.models import Image, Visitor
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.embedded.events import earlier_looks
from recommend.bandit.context import Context, Look
from recommend.bandit.inference import Doubles
from recommend.bandit.priors import Priors
from recommend.models import Interaction, Ledger
from tests.recommend.cast import describe, plant, say

pytestmark = pytest.mark.django_db
CALM = Context("calm")
PROMPTS = ("a red rose", "a grey whale", "a snowy mountain")


@pytest.fixture(autouse=True)
def memory_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommend.backends.embedded.snapshots.PRIORS", Priors(visitors=1))


@pytest.fixture
def images() -> list[Image]:
    """Ann liked the rose, and the whale but not any more; then Bob came."""
    images = plant(3)
    for image, prompt in zip(images, PROMPTS, strict=True):
        describe(image, prompt)
    say("ann", images[0], *images)
    say("ann", images[1], *images)
    say("ann", images[1], *images, liked=False)
    say("bob", images[2], *images)
    return images


def pseudonym(visitor: str) -> str:
    return str(Interaction.objects.filter(visitor=visitor).values_list("pseudonym", flat=True).distinct().get())


def own_weights(visitor: str, recommender: EmbeddedRecommender | None = None) -> Doubles:
    consumer = (recommender or EmbeddedRecommender(poll_seconds=0)).consumer
    mean, nobody = (consumer.belief(CALM, name)[0].mean for name in (visitor, ""))
    difference: Doubles = mean - nobody
    return difference


def during_readings(
    monkeypatch: pytest.MonkeyPatch, happens: Iterable[Callable[[], object]], *, by: str = "ledger_consumer"
) -> list[int]:
    """Let something happen while what a visitor said is read, once each; the numbers up to which it was read."""
    left, read = iter(happens), list[int]()

    def reading(visitor: str, *, to: int, base: int) -> list[Look]:
        looks = earlier_looks(visitor, to=to, base=base)
        read.append(to)
        next(left, lambda: None)()
        return looks

    monkeypatch.setattr(f"recommend.backends.embedded.{by}.earlier_looks", reading)
    return read


def test_who_is_not_in_memory_is_known_by_what_they_said(images: list[Image]) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    with recommender.consumer.at_head() as (model, _):
        assert list(model.visitors.known) == [pseudonym("bob")]
    assert own_weights(pseudonym("ann"), recommender).any()
    assert own_weights(pseudonym("bob"), recommender).any()


def test_asking_changes_nothing_that_is_learned(images: list[Image]) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    ann = pseudonym("ann")
    assert (own_weights(ann, recommender) == own_weights(ann, recommender)).all()
    with recommender.consumer.at_head() as (model, _):
        assert ann not in model.visitors.known


def test_each_look_counts_as_it_was_told_last(images: list[Image]) -> None:
    looks = earlier_looks(pseudonym("ann"), to=Ledger.objects.current().head, base=0)
    assert [look.items.tolist() for look in looks] == [[image.pk for image in images]]
    assert [look.liked.tolist() for look in looks] == [[True, False, False]]
    assert looks[0].features[:, 1:].any()


def test_what_was_said_later_is_not_known_yet(images: list[Image]) -> None:
    second = Interaction.objects.filter(visitor="ann").order_by("sequence")[1]
    (look,) = earlier_looks(pseudonym("ann"), to=second.sequence, base=0)
    assert look.liked.tolist() == [True, True, False]


def test_who_was_forgotten_is_nobody_although_the_ledger_has_what_nobody_said(images: list[Image]) -> None:
    ann = pseudonym("ann")
    Visitor.objects.get(id="ann").delete()
    assert Interaction.objects.said().filter(pseudonym=ann).count() == 3
    assert not own_weights(ann).any()


def test_only_who_said_something_and_is_not_in_memory_is_looked_up(images: list[Image]) -> None:
    recommender = EmbeddedRecommender(poll_seconds=60)
    ann, bob = pseudonym("ann"), pseudonym("bob")
    recommender.consumer.belief(CALM, bob)
    for visitor, queries in (("", 0), (bob, 0), (ann, 2)):
        with CaptureQueriesContext(connection) as asked:
            recommender.consumer.belief(CALM, visitor)
        assert len(asked) == queries


def test_nobody_waits_while_the_ledger_is_asked_for_a_visitor(
    images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    recommender = EmbeddedRecommender(poll_seconds=3_600)
    recommender.warm_up()
    ann, bob = pseudonym("ann"), pseudonym("bob")

    def another_asks() -> None:
        with ThreadPoolExecutor(1) as threads:
            answered.append(threads.submit(recommender.consumer.belief, CALM, bob).result(timeout=120))

    answered: list[object] = []
    read = during_readings(monkeypatch, [another_asks])
    assert own_weights(ann, recommender).any()
    assert len(answered) == len(read) == 1


def test_nobody_waits_while_the_ledger_is_asked_for_a_visitor_to_learn_from(
    images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    recommender.warm_up()
    ann, bob = pseudonym("ann"), pseudonym("bob")
    say("ann", images[2], *images)  # To another process.

    def another_asks() -> None:
        with ThreadPoolExecutor(1) as threads:
            answered.append(threads.submit(recommender.consumer.belief, CALM, bob).result(timeout=120))

    answered: list[object] = []
    read = during_readings(monkeypatch, [another_asks], by="events")
    recommender.warm_up()
    assert len(answered) == len(read) == 1
    assert (own_weights(ann, recommender) == own_weights(ann)).all()


def test_what_is_learned_while_the_ledger_is_asked_is_believed_with_it(
    images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    ann = pseudonym("ann")

    def ann_likes_and_others_come() -> None:
        say("ann", images[2], *images)
        say("cho", images[1], *images)
        recommender.warm_up()

    before = Ledger.objects.current().head
    read = during_readings(monkeypatch, [ann_likes_and_others_come])
    weights = own_weights(ann, recommender)
    assert read == [before, before + 2]
    assert (weights == own_weights(ann)).all()


def test_who_is_forgotten_while_the_ledger_is_asked_is_nobody(
    images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    ann = pseudonym("ann")

    def ann_is_forgotten() -> None:
        Visitor.objects.get(id="ann").delete()
        recommender.warm_up()

    during_readings(monkeypatch, [ann_is_forgotten])
    assert not own_weights(ann, recommender).any()


def test_a_visitor_is_known_however_much_is_learned_meanwhile(
    images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    ann = pseudonym("ann")

    def comes(visitor: str) -> None:
        say(visitor, images[1], *images)
        recommender.warm_up()

    read = during_readings(monkeypatch, [partial(comes, visitor) for visitor in ("cho", "dan", "eve")])
    belief, _ = recommender.consumer.belief(CALM, ann)
    assert len(read) == 4
    alone, _ = EmbeddedRecommender(poll_seconds=0).consumer.belief(CALM, ann)
    assert (belief.mean == alone.mean).all()
