"""What the recommender holds of a visitor beyond rows: the weights of their own that it learned, and what they saw."""

from typing import Any

from garden.models import Visitor
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.personalize import PersonalizeRecommender
from recommend.experiments.arms import learners
from recommend.models import Interaction


def tell_beliefs(visitor: Visitor) -> dict[str, list[dict[str, Any]]]:
    pseudonyms = Interaction.objects.of_visitor(visitor).values_list("pseudonym", flat=True).distinct()
    theirs = (one.fallback if isinstance(one, PersonalizeRecommender) else one for one in learners())
    embedded = [one for one in dict.fromkeys(theirs) if isinstance(one, EmbeddedRecommender)]
    rows = [_belief(recommender, str(name)) for recommender in embedded for name in pseudonyms.order_by("pseudonym")]
    return {"learned of this visitor": [row for row in rows if row]}


def _belief(recommender: EmbeddedRecommender, pseudonym: str) -> dict[str, Any]:
    with recommender.follower.at_head() as (model, _):
        memory = model.visitors.get(pseudonym)
        if memory is None:
            return {}
        return {"pseudonym": pseudonym, "weights": memory.mean.tolist(), "images seen": list(memory.seen)}
