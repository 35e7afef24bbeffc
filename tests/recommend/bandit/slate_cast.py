"""A small garden for the tests of the slate model: forty pictures, a context, and a visitor who liked some."""

import numpy as np

from recommend.bandit.context import Context, Impression, slate_impression
from recommend.bandit.inference import Floats
from recommend.bandit.policy import Candidates
from recommend.bandit.slate_model import SlateModel

WIDTH = 6
CALM = Context("calm", "adult", "Female")


def pool(pictures: int = 40, seed: int = 0) -> Candidates:
    features = np.random.default_rng(seed).standard_normal((pictures, WIDTH)).astype(np.float32)
    features[:, 0] = 1.0
    return Candidates(np.arange(pictures), features)


def impression(number: int, visitor: str, pictures: list[int], liked: list[int], context: Context = CALM) -> Impression:
    items = np.array(pictures)
    features: Floats = pool().features[items]
    return slate_impression(number, visitor, context, items, features, np.isin(items, liked))


def some_impressions(count: int = 60, visitors: int = 7, seed: int = 1) -> list[Impression]:
    rng = np.random.default_rng(seed)
    impressions = []
    for number in range(count):
        pictures = rng.permutation(40)[:3].tolist()
        visitor = f"visitor-{rng.integers(visitors)}"
        impressions.append(impression(number, visitor, pictures, [p for p in pictures if p % 4 == 0]))
    return impressions


def taught(impressions: list[Impression], model: SlateModel | None = None) -> SlateModel:
    model = model or SlateModel(WIDTH)
    for one in impressions:
        model.learn(one)
    return model
