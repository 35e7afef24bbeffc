"""Training the fusion of the emotion networks with faceres' features."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.optimize import minimize

from garden.emotion.local.calibration import Fusion, LinearModel
from garden.emotion.local.fusion import TRAINED
from garden.emotion.local.networks import Tensor
from garden.emotion.local.training.logistic import Labels, Recipe, fit, folds, log_softmax
from garden.emotion.local.training.photographs import Photograph

ENOUGH_OF_ONE_PERSON = 12
"""Who has more photographs than this counts as this many: a model would learn the person, not the emotion."""

PARTS, SEED = 5, 0
VIEWS = 3
"""Every third view of a description: the usual crop, and its mirror image."""

STIFFNESS = 5.0
"""How strongly the classes' temperatures are held together, in nats."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """The inverse L2 penalties of both models, and the weight of what faceres says."""

    networks: float = 0.01
    looks: float = 0.0005
    share: float = 1.0


def train_emotions(photographs: list[Photograph], strengths: Strengths | None = None) -> Fusion:
    """Both models on all photographs, the temperatures on people that the models did not see."""
    chosen = [photograph for photograph in photographs if photograph.emotion in TRAINED]
    strengths = strengths or Strengths()
    return _tempered(_both(chosen, strengths), _temperatures(chosen, strengths))


def labels_of(photographs: list[Photograph]) -> Labels:
    return np.array([TRAINED.index(photograph.emotion) for photograph in photographs if photograph.emotion])


def train_networks(photographs: list[Photograph], strength: float) -> LinearModel:
    rows = np.stack([photograph.evidence.features for photograph in photographs])
    return fit(rows, labels_of(photographs), Recipe(len(TRAINED), strength), _worth(photographs))


def train_looks(photographs: list[Photograph], strength: float) -> LinearModel:
    """Each photograph counts once, as it is and mirrored."""
    views = np.stack([photograph.description[::VIEWS] for photograph in photographs])
    labels = np.repeat(labels_of(photographs), views.shape[1])
    worth = np.repeat(_worth(photographs), views.shape[1])
    return fit(np.concatenate(views), labels, Recipe(len(TRAINED), strength), worth / views.shape[1])


def _both(photographs: list[Photograph], strengths: Strengths) -> Fusion:
    looks = train_looks(photographs, strengths.looks)
    return Fusion(train_networks(photographs, strengths.networks), _scaled(looks, strengths.share))


def _worth(photographs: list[Photograph]) -> Tensor:
    counts = Counter(photograph.person for photograph in photographs)
    return np.array([min(1.0, ENOUGH_OF_ONE_PERSON / counts[photograph.person]) for photograph in photographs])


def _temperatures(photographs: list[Photograph], strengths: Strengths) -> Tensor:
    """One for each class: what makes the shares honest on people that training did not see."""
    people = np.array([photograph.person for photograph in photographs])
    logits = np.zeros((len(photographs), len(TRAINED)))
    for out in folds(people, PARTS, SEED):
        model = _both([p for p, tested in zip(photographs, out, strict=True) if not tested], strengths)
        logits[out] = [
            model.logits(photographs[i].evidence.features, photographs[i].looks) for i in np.flatnonzero(out)
        ]
    labels = labels_of(photographs)
    weights = 1 / np.bincount(labels, minlength=len(TRAINED))[labels]
    found = minimize(partial(_miss, logits, labels, weights), np.zeros(len(TRAINED)), method="L-BFGS-B")
    return np.asarray(np.exp(found.x))


def _miss(logits: Tensor, labels: Labels, weights: Tensor, steps: Tensor) -> float:
    shares = log_softmax(logits / np.exp(steps))
    miss = -float((weights * shares[np.arange(len(labels)), labels]).sum())
    return miss + STIFFNESS * float(((steps - steps.mean()) ** 2).sum()) / len(labels)


def _tempered(model: Fusion, temperatures: Tensor) -> Fusion:
    return Fusion(_scaled(model.networks, 1 / temperatures), _scaled(model.looks, 1 / temperatures))


def _scaled(model: LinearModel, factor: Tensor | float) -> LinearModel:
    """The same model with each of its logits multiplied."""
    return replace(model, weights=model.weights * factor, bias=model.bias * factor)
