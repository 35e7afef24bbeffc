"""A visitor who is no longer in the model's memory is known again by the ledger."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from garden.models import Image, Visitor
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.embedded.events import earlier_impressions
from recommend.bandit.context import Context, Impression
from recommend.bandit.inference import Doubles
from recommend.bandit.priors import Priors
from recommend.models import Interaction
from tests.recommend.cast import describe, interact, plant

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
    interact("ann", images[0], *images)
    interact("ann", images[1], *images)
    interact("ann", images[1], *images, liked=False)
    interact("bob", images[2], *images)
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

    def reading(visitor: str, *, to: int, base: int) -> list[Impression]:
        impressions = earlier_impressions(visitor, to=to, base=base)
        read.append(to)
        next(left, lambda: None)()
        return impressions

    monkeypatch.setattr(f"recommend.backends.embedded.{by}.earlier_impressions", reading)
    return read


def test_a_visitor_who_is_not_in_memory_is_known_by_their_interactions(images: list[Image]) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    with recommender.consumer.at_head() as (model, _):
        assert list(model.visitors.known) == [pseudonym("bob")]
    assert own_weights(pseudonym("ann"), recommender).any()
    assert own_weights(pseudonym("bob"), recommender).any()


def test_a_deleted_visitor_is_unknown_although_the_ledger_keeps_anonymous_interactions(images: list[Image]) -> None:
    ann = pseudonym("ann")
    Visitor.objects.get(id="ann").delete()
    assert Interaction.objects.feedback().filter(pseudonym=ann).count() == 3
    assert not own_weights(ann).any()


def test_a_ranking_does_not_wait_while_the_history_of_another_visitor_is_read(
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


def test_a_ranking_does_not_wait_while_a_history_is_read_to_learn_from(
    images: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    recommender.warm_up()
    ann, bob = pseudonym("ann"), pseudonym("bob")
    interact("ann", images[2], *images)  # To another process.

    def another_asks() -> None:
        with ThreadPoolExecutor(1) as threads:
            answered.append(threads.submit(recommender.consumer.belief, CALM, bob).result(timeout=120))

    answered: list[object] = []
    read = during_readings(monkeypatch, [another_asks], by="events")
    recommender.warm_up()
    assert len(answered) == len(read) == 1
    assert (own_weights(ann, recommender) == own_weights(ann)).all()


def test_a_visitor_deleted_while_their_history_is_read_is_unknown(
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
        interact(visitor, images[1], *images)
        recommender.warm_up()

    read = during_readings(monkeypatch, [partial(comes, visitor) for visitor in ("cho", "dan", "eve")])
    belief, _ = recommender.consumer.belief(CALM, ann)
    assert len(read) == 4
    alone, _ = EmbeddedRecommender(poll_seconds=0).consumer.belief(CALM, ann)
    assert (belief.mean == alone.mean).all()
