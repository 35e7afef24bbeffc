"""Regularised logistic regression, and folds that never split a person."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from garden.faces.local.calibration import LinearModel
from garden.faces.local.networks import Tensor

Labels = NDArray[np.int64]
Flags = NDArray[np.bool_]
People = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class TrainingRecipe:
    """`strength` is the inverse of the L2 penalty; `balanced` gives every class the same weight."""

    classes: int
    strength: float
    balanced: bool = True


def fit(features: Tensor, labels: Labels, recipe: TrainingRecipe, worth: Tensor | None = None) -> LinearModel:
    """A multinomial model on standardised, clipped features; `worth` says how much each row counts."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    blank = LinearModel(mean, scale, np.zeros((features.shape[1], recipe.classes)), np.zeros(recipe.classes))
    x = blank.standardised(features).astype(np.float64)  # once, instead of at every step
    weights = _weights(labels, recipe, worth)
    target = np.eye(recipe.classes)[labels]
    shape = (x.shape[1] + 1, recipe.classes)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        matrix = flat.reshape(shape)
        shares = log_softmax(x @ matrix[:-1] + matrix[-1])
        miss = (np.exp(shares) - target) * weights[:, None]
        gradient = np.vstack([x.T @ miss + matrix[:-1] / recipe.strength, miss.sum(axis=0)])
        penalty = (matrix[:-1] ** 2).sum() / (2 * recipe.strength)
        return float(penalty - (weights * shares[np.arange(len(labels)), labels]).sum()), gradient.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    matrix = found.x.reshape(shape)
    return LinearModel(mean, scale, matrix[:-1], matrix[-1])


def fit_flag(features: Tensor, flags: Flags, recipe: TrainingRecipe) -> LinearModel:
    """A yes-or-no model with a single logit."""
    model = fit(features, flags.astype(np.int64), recipe)
    weights, bias = model.weights[:, 1:] - model.weights[:, :1], model.bias[1:] - model.bias[:1]
    return LinearModel(model.mean, model.scale, weights, bias)


def _weights(labels: Labels, recipe: TrainingRecipe, worth: Tensor | None) -> Tensor:
    """Summing to what the rows are worth."""
    rows = np.ones(len(labels)) if worth is None else worth
    if not recipe.balanced:
        return rows
    sums = np.bincount(labels, rows, minlength=recipe.classes)
    return np.asarray(rows * (rows.sum() / (recipe.classes * np.maximum(sums, 1e-9)))[labels])


def log_softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def folds(people: People, count: int, seed: int) -> Iterator[Flags]:
    """Which rows are held out, fold after fold; all rows of a person fall together."""
    names = np.unique(people)
    np.random.default_rng(seed).shuffle(names)
    fold_of = {name: index % count for index, name in enumerate(names)}
    place = np.array([fold_of[name] for name in people])
    return (place == fold for fold in range(count))


def balanced_accuracy(found: Labels, labels: Labels, classes: list[int]) -> float:
    """The mean over `classes` of the part that was found."""
    return float(np.mean([(found[labels == index] == index).mean() for index in classes]))
