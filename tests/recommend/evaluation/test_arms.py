"""Who is served by whom, and how it is marked."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.evaluation.experiments import choose_arm, learners, serving_recommenders, start_trial
from recommend.models import Arm, Slate
from recommend.services.gardens import GardenRequest, recommend_garden, warm_up_recommenders
from tests.recommend.cast import plant

pytestmark = pytest.mark.django_db
LAST_FIRST = {"BACKEND": "tests.recommend.evaluation.world.LastFirstRecommender", "OPTIONS": {}}
FIRST_LAST = {**LAST_FIRST, "OPTIONS": {"ascending": True}}


@pytest.fixture
def trial(settings: Any) -> None:
    settings.RECOMMENDER = LAST_FIRST
    settings.RECOMMENDER_CHALLENGER = FIRST_LAST
    start_trial(by="ann", share=0.3)


def arms(count: int, visitor: str = "") -> list[Arm]:
    return [choose_arm(visitor_id=visitor or f"visitor-{number}", seed=number) for number in range(count)]


def test_a_share_of_the_answers_is_left_to_chance(settings: Any) -> None:
    settings.RECOMMENDER_HOLDOUT = 0.02
    assert arms(10_000).count(Arm.HOLDOUT) == pytest.approx(200, abs=50)
    assert arms(10_000, visitor="ann").count(Arm.HOLDOUT) == pytest.approx(200, abs=50)


def test_the_hold_out_is_marked_and_its_propensities_are_exact(settings: Any) -> None:
    settings.RECOMMENDER_HOLDOUT = 1.0
    plant(5)
    garden = recommend_garden(request=GardenRequest(emotion="calm"))
    slate = Slate.objects.get()
    assert (slate.arm, slate.recommender, slate.personalized) == (Arm.HOLDOUT, "uniform", True)
    assert [chance for _, chance in slate.landscape] == [1 / 5, 1 / 4, 1 / 3, 1 / 2, 1]
    again = recommend_garden(request=GardenRequest(emotion="calm", continues=garden.recommendation_id))
    assert again.ranking == garden.ranking


def test_without_a_hold_out_and_a_trial_the_champion_serves_all() -> None:
    assert set(arms(200)) == {Arm.CHAMPION}


def test_a_challenger_serves_its_share_of_visitors_and_keeps_each_of_them(trial: None) -> None:
    assert arms(3_000).count(Arm.CHALLENGER) == pytest.approx(900, abs=120)
    for number in range(50):
        assert len(set(arms(20, visitor=f"visitor-{number}"))) == 1


def test_the_challenger_orders_the_gardens_of_its_visitors(trial: None) -> None:
    images = sorted(image.key for image in plant(3))
    for number in range(40):
        recommend_garden(request=GardenRequest(visitor_id=f"visitor-{number}", emotion="calm"))
    firsts = {(slate.arm, slate.landscape[0][0]) for slate in Slate.objects.all()}
    assert firsts == {(Arm.CHAMPION, images[-1]), (Arm.CHALLENGER, images[0])}


def test_a_challenger_that_fails_costs_the_visitor_nothing(settings: Any) -> None:
    settings.RECOMMENDER = LAST_FIRST
    settings.RECOMMENDER_CHALLENGER = {"BACKEND": "tests.recommend.broken.BrokenRecommender", "OPTIONS": {}}
    start_trial(by="ann", share=1.0)
    plant(2)
    assert not recommend_garden(request=GardenRequest(emotion="calm")).personalized
    assert Slate.objects.get().arm == Arm.CHALLENGER


def test_a_trial_of_another_challenger_than_the_settings_name_is_not_served(trial: None, settings: Any) -> None:
    settings.RECOMMENDER_CHALLENGER = {**FIRST_LAST, "OPTIONS": {}}
    assert set(arms(200)) == {Arm.CHAMPION}


def test_a_challenger_of_another_backend_receives_all_feedback_too(trial: None, settings: Any) -> None:
    assert [learner.name for learner in learners()] == ["last first"]
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.broken.BrokenRecommender"}
    assert [learner.name for learner in learners()] == ["broken", "last first"]


def test_a_server_that_starts_reads_what_the_hold_out_and_a_challenger_need(trial: None, settings: Any) -> None:
    settings.RECOMMENDER_HOLDOUT = 1.0
    plant(3)
    warm_up_recommenders()
    assert [recommender.name for recommender in serving_recommenders()] == ["last first", "uniform", "last first"]
    Image.objects.update(changed_at=timezone.now() - timedelta(days=1))
    garden = recommend_garden(request=GardenRequest(emotion="calm"))
    assert len(garden.ranking.images[Orientation.LANDSCAPE].keys) == 3
