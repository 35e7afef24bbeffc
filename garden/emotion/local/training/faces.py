"""Training and judging smile, eyeglasses, beard and mustache."""

import csv
from pathlib import Path

import numpy as np

from garden.emotion.local.calibration import LinearModel
from garden.emotion.local.training.logistic import Flags, People, Recipe, area_under_curve, fit, folds
from garden.emotion.local.training.photographs import Photograph
from garden.vocabulary import Emotion

WORN = ("eyeglasses", "beard", "mustache")
WORN_FILE = Path(__file__).with_name("worn.csv")
SMILE = Recipe(classes=2, strength=0.1)
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
    """One column for each of WORN."""
    chosen, flags = _worn_rows(photographs)
    features = np.concatenate([photograph.description for photograph in chosen])
    times = chosen[0].description.shape[0]
    models = [_train(features, np.repeat(flags[:, index], times), APPEARANCE) for index in range(len(WORN))]
    weights, bias = np.hstack([model.weights for model in models]), np.hstack([model.bias for model in models])
    return LinearModel(models[0].mean, models[0].scale, weights, bias)


def judge_appearance(photographs: list[Photograph]) -> dict[str, float]:
    chosen, flags = _worn_rows(photographs)
    features = np.stack([photograph.description for photograph in chosen])
    people = np.array([photograph.person for photograph in chosen])
    return {name: _judge(features, flags[:, index], people, APPEARANCE) for index, name in enumerate(WORN)}


def _worn_rows(photographs: list[Photograph]) -> tuple[list[Photograph], Flags]:
    """The photographs that were labelled by eye."""
    with WORN_FILE.open(newline="") as file:
        worn = {row["file"]: [row[name] == "1" for name in WORN] for row in csv.DictReader(file)}
    chosen = [photograph for photograph in photographs if photograph.file in worn]
    return chosen, np.array([worn[photograph.file] for photograph in chosen])


def _train(features: np.ndarray, flags: Flags, recipe: Recipe) -> LinearModel:
    """A yes-or-no model with a single logit."""
    model = fit(features, flags.astype(np.int64), recipe)
    weights, bias = model.weights[:, 1:] - model.weights[:, :1], model.bias[1:] - model.bias[:1]
    return LinearModel(model.mean, model.scale, weights, bias)


def _judge(views: np.ndarray, flags: Flags, people: People, recipe: Recipe) -> float:
    """The area under the curve on people that training did not see; `views` is N × views × features, the first
    view is the one that is read."""
    logits = np.zeros(len(flags))
    for out in folds(people, 10, seed=0):
        model = _train(np.concatenate(views[~out]), np.repeat(flags[~out], views.shape[1]), recipe)
        logits[out] = model.logits(views[out, 0])[:, 0]
    return area_under_curve(logits, flags)
