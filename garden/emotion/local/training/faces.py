"""Training and judging smile, eyeglasses, beard, mustache and sunglasses."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from garden.emotion.local.calibration import LinearModel
from garden.emotion.local.training.logistic import Flags, People, Recipe, area_under_curve, fit, folds
from garden.emotion.local.training.photographs import Photograph
from garden.vocabulary import Emotion

WORN = ("eyeglasses", "beard", "mustache")
WORN_FILE = Path(__file__).with_name("worn.csv")
SMILE = Recipe(classes=2, strength=0.1)
SUNGLASSES_RARITY = 0.8
"""Half of the rows wear drawn sunglasses, which hardly any visitor does: so much less likely to begin with."""

APPEARANCE = Recipe(classes=2, strength=0.01, balanced=False)


def train_smile(photographs: list[Photograph]) -> LinearModel:
    """Happy against everything else."""
    return _train(*_smile_rows(photographs), SMILE)


def judge_smile(photographs: list[Photograph]) -> dict[str, float]:
    features, flags = _smile_rows(photographs)
    people = np.array([photograph.person for photograph in photographs])
    return {"smile": _judge(features[:, None], flags, people, SMILE)}


def _smile_rows(photographs: list[Photograph]) -> tuple[np.ndarray, Flags]:
    features = np.stack([photograph.smile for photograph in photographs])
    return features, np.array([photograph.emotion is Emotion.HAPPY for photograph in photographs])


def train_appearance(photographs: list[Photograph]) -> LinearModel:
    """One column for each of WORN, then one for sunglasses."""
    chosen, flags = _worn_rows(photographs)
    features = np.stack([photograph.description for photograph in chosen])
    models = [_train(*_views(features, flags[:, index]), APPEARANCE) for index in range(len(WORN))]
    shaded = _train(*_views(*_shaded_rows(chosen)[:2]), APPEARANCE)
    models.append(replace(shaded, bias=shaded.bias - SUNGLASSES_RARITY))
    return _side_by_side(models)


def judge_appearance(photographs: list[Photograph]) -> dict[str, float]:
    chosen, flags = _worn_rows(photographs)
    features = np.stack([photograph.description for photograph in chosen])
    people = np.array([photograph.person for photograph in chosen])
    areas = {name: _judge(features, flags[:, index], people, APPEARANCE) for index, name in enumerate(WORN)}
    return {**areas, "drawn_sunglasses": _judge(*_shaded_rows(chosen), APPEARANCE)}


def _shaded_rows(photographs: list[Photograph]) -> tuple[np.ndarray, Flags, People]:
    """Each photograph twice, as it is and behind drawn sunglasses; who wears real ones is kept for testing."""
    bare = [photograph for photograph in photographs if photograph.file not in _wearing("sunglasses")]
    features = np.stack([photograph.description for photograph in bare] + [photograph.shaded for photograph in bare])
    people = np.array([photograph.person for photograph in bare])
    return features, np.repeat([False, True], len(bare)), np.tile(people, 2)


def _wearing(name: str) -> set[str]:
    with WORN_FILE.open(newline="") as file:
        return {row["file"] for row in csv.DictReader(file) if row[name] == "1"}


def _side_by_side(models: list[LinearModel]) -> LinearModel:
    """One model with a column for each; all are brought to the first one's standardisation."""
    first = models[0]
    weights = [model.weights * (first.scale / model.scale)[:, None] for model in models]
    bias = [model.bias + (first.mean - model.mean) / model.scale @ model.weights for model in models]
    return LinearModel(first.mean, first.scale, np.hstack(weights), np.hstack(bias))


def _worn_rows(photographs: list[Photograph]) -> tuple[list[Photograph], Flags]:
    """The photographs that were labelled by eye."""
    with WORN_FILE.open(newline="") as file:
        labelled = {row["file"] for row in csv.DictReader(file)}
    chosen = [photograph for photograph in photographs if photograph.file in labelled]
    wearing = [_wearing(name) for name in WORN]
    return chosen, np.array([[photograph.file in files for files in wearing] for photograph in chosen])


def _train(features: np.ndarray, flags: Flags, recipe: Recipe) -> LinearModel:
    """A yes-or-no model with a single logit."""
    model = fit(features, flags.astype(np.int64), recipe)
    weights, bias = model.weights[:, 1:] - model.weights[:, :1], model.bias[1:] - model.bias[:1]
    return LinearModel(model.mean, model.scale, weights, bias)


def _views(features: np.ndarray, flags: Flags) -> tuple[np.ndarray, Flags]:
    """N × views × features as rows, each with its photograph's flag."""
    return np.concatenate(features), np.repeat(flags, features.shape[1])


def _judge(views: np.ndarray, flags: Flags, people: People, recipe: Recipe) -> float:
    """The area under the curve on people that training did not see; `views` is N × views × features, the first
    view is the one that is read."""
    logits = np.zeros(len(flags))
    for out in folds(people, 10, seed=0):
        model = _train(*_views(views[~out], flags[~out]), recipe)
        logits[out] = model.logits(views[out, 0])[:, 0]
    return area_under_curve(logits, flags)
