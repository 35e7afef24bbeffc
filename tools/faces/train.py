"""Training all of `calibration.npz` on labelled photographs: emotions, smile, appearance, width of the age range."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.optimize import minimize

from garden.faces.local.calibration import Calibration, Fusion, LinearModel, calibration
from garden.faces.local.emotions import TRAINED
from garden.faces.local.networks import Tensor
from garden.vocabulary import Emotion
from tools.faces.logistic import Flags, Labels, TrainingRecipe, fit, fit_flag, folds, log_softmax
from tools.faces.photographs import Photograph

HELD = 0.8


def train_age_width(photographs: list[Photograph]) -> float:
    """The factor on the guesses' own doubt, one photograph a person counted; 1 where no age is known."""
    misses = {p.person: abs(p.guess[0] - p.age) / p.guess[1] for p in photographs if p.age is not None}
    return _quantile(list(misses.values())) if misses else 1.0


def _quantile(misses: list[float]) -> float:
    """With one more than the misses in the denominator, as for people who are yet to come."""
    return float(np.quantile(misses, min(1.0, HELD * (1 + 1 / len(misses))), method="higher"))


ENOUGH_OF_ONE_PERSON = 12
"""Who has more photographs than this counts as this many: a model would learn the person, not the emotion."""

PARTS, SEED = 5, 0
STIFFNESS = 0.1
"""How strongly the classes' offsets are held at 0, in nats."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """The inverse L2 penalties of both models, and the weight of what faceres says."""

    networks: float = 0.01
    looks: float = 0.0005
    share: float = 1.0


def train_emotions(photographs: list[Photograph], strengths: Strengths | None = None) -> Fusion:
    """Both models on all photographs, the temperature and the offsets on people that the models did not see."""
    chosen = [photograph for photograph in photographs if photograph.emotion in TRAINED]
    strengths = strengths or Strengths()
    return _tempered(_both(chosen, strengths), _calibrated(chosen, strengths))


def labels_of(photographs: list[Photograph]) -> Labels:
    return np.array([TRAINED.index(photograph.emotion) for photograph in photographs if photograph.emotion])


def train_networks(photographs: list[Photograph], strength: float) -> LinearModel:
    rows = np.stack([photograph.evidence.features for photograph in photographs])
    return fit(rows, labels_of(photographs), TrainingRecipe(len(TRAINED), strength), _worth(photographs))


def train_own(photographs: list[Photograph], strength: float) -> LinearModel | None:
    """None where no network of the site's own was asked."""
    rows = [photograph.evidence.own for photograph in photographs if photograph.evidence.own is not None]
    if not rows:
        return None
    return fit(np.stack(rows), labels_of(photographs), TrainingRecipe(len(TRAINED), strength), _worth(photographs))


def train_looks(photographs: list[Photograph], strength: float) -> LinearModel:
    """Each photograph counts once, as it is and mirrored."""
    views = np.stack([photograph.description for photograph in photographs])
    labels = np.repeat(labels_of(photographs), views.shape[1])
    worth = np.repeat(_worth(photographs), views.shape[1])
    return fit(np.concatenate(views), labels, TrainingRecipe(len(TRAINED), strength), worth / views.shape[1])


def _both(photographs: list[Photograph], strengths: Strengths) -> Fusion:
    looks = train_looks(photographs, strengths.looks)
    networks = train_networks(photographs, strengths.networks)
    return Fusion(networks, _scaled(looks, strengths.share), train_own(photographs, strengths.networks))


def _worth(photographs: list[Photograph]) -> Tensor:
    counts = Counter(photograph.person for photograph in photographs)
    return np.array([min(1.0, ENOUGH_OF_ONE_PERSON / counts[photograph.person]) for photograph in photographs])


def _calibrated(photographs: list[Photograph], strengths: Strengths) -> Tensor:
    """The logarithm of the temperature, and an offset for each class: what makes the shares honest on people that
    training did not see."""
    people = np.array([photograph.person for photograph in photographs])
    logits = np.zeros((len(photographs), len(TRAINED)))
    for out in folds(people, PARTS, SEED):
        model = _both([p for p, tested in zip(photographs, out, strict=True) if not tested], strengths)
        logits[out] = [
            model.logits(photographs[i].evidence.features, photographs[i].looks, photographs[i].evidence.own)
            for i in np.flatnonzero(out)
        ]
    labels = labels_of(photographs)
    weights = 1 / np.bincount(labels, minlength=len(TRAINED))[labels]
    found = minimize(partial(_miss, logits, labels, weights), np.zeros(1 + len(TRAINED)), method="L-BFGS-B")
    return np.asarray(found.x)


def _miss(logits: Tensor, labels: Labels, weights: Tensor, steps: Tensor) -> float:
    shares = log_softmax(logits / np.exp(steps[0]) + steps[1:])
    miss = -float((weights * shares[np.arange(len(labels)), labels]).sum())
    return miss + STIFFNESS * float((steps[1:] ** 2).sum())


def _tempered(model: Fusion, steps: Tensor) -> Fusion:
    factor = float(np.exp(-steps[0]))
    networks = _scaled(model.networks, factor)
    own = model.own and _scaled(model.own, factor)
    return Fusion(replace(networks, bias=networks.bias + steps[1:]), _scaled(model.looks, factor), own)


def _scaled(model: LinearModel, factor: float) -> LinearModel:
    """The same model with each of its logits multiplied."""
    return replace(model, weights=model.weights * factor, bias=model.bias * factor)


WORN = ("eyeglasses", "beard", "mustache")
SMILE = TrainingRecipe(classes=2, strength=0.1)
SUNGLASSES_RARITY = 0.8
"""Half of the rows wear drawn sunglasses, which hardly any visitor does: so much less likely to begin with."""

APPEARANCE = TrainingRecipe(classes=2, strength=0.01)


def train_smile(photographs: list[Photograph]) -> LinearModel:
    """Happy against everything else."""
    features = np.stack([photograph.smile for photograph in photographs])
    return fit_flag(features, np.array([photograph.emotion is Emotion.HAPPY for photograph in photographs]), SMILE)


def train_appearance(photographs: list[Photograph]) -> LinearModel:
    """One column for each of WORN, then one for sunglasses; as it is where no photograph says what people wear."""
    if not any(all(name in photograph.attributes for name in WORN) for photograph in photographs):
        return calibration().appearance
    models = [_train_worn(photographs, name) for name in WORN]
    shaded = fit_flag(*_views(*_shaded_rows(photographs)), APPEARANCE)
    models.append(replace(shaded, bias=shaded.bias - SUNGLASSES_RARITY))
    return _side_by_side(models)


def _train_worn(photographs: list[Photograph], name: str) -> LinearModel:
    """0 is the threshold of the best F1 on people that training did not see."""
    chosen = [photograph for photograph in photographs if name in photograph.attributes]
    features = np.stack([photograph.description for photograph in chosen])
    flags = np.array([photograph.attributes[name] for photograph in chosen])
    logits = np.zeros(len(chosen))
    for out in folds(np.array([photograph.person for photograph in chosen]), PARTS, SEED):
        logits[out] = fit_flag(*_views(features[~out], flags[~out]), APPEARANCE).logits(features[out, 0])[:, 0]
    model = fit_flag(*_views(features, flags), APPEARANCE)
    return replace(model, bias=model.bias - best_threshold(logits, flags))


def best_threshold(logits: Tensor, flags: Flags) -> float:
    """Above which a yes has the best F1: between the last logit that is one and the first that is none."""
    order = np.argsort(-logits)
    found = np.cumsum(flags[order])
    last = int((2 * found / (np.arange(len(flags)) + 1 + flags.sum())).argmax())
    return float(logits[order[last : last + 2]].mean())


def _shaded_rows(photographs: list[Photograph]) -> tuple[np.ndarray, Flags]:
    """Each photograph twice, as it is and behind drawn sunglasses; who wears real ones is kept for testing."""
    pairs = [
        (photograph.description, photograph.shaded)
        for photograph in photographs
        if photograph.shaded is not None and not photograph.attributes.get("sunglasses")
    ]
    bare, shaded = zip(*pairs, strict=True)
    return np.stack([*bare, *shaded]), np.repeat([False, True], len(pairs))


def _side_by_side(models: list[LinearModel]) -> LinearModel:
    """One model with a column for each; all are brought to the first one's standardisation."""
    first = models[0]
    weights = [model.weights * (first.scale / model.scale)[:, None] for model in models]
    bias = [model.bias + (first.mean - model.mean) / model.scale @ model.weights for model in models]
    return LinearModel(first.mean, first.scale, np.hstack(weights), np.hstack(bias))


def _views(features: np.ndarray, flags: Flags) -> tuple[np.ndarray, Flags]:
    """N × views × features as rows, each with its photograph's flag."""
    return np.concatenate(features), np.repeat(flags, features.shape[1])


def train(photographs: list[Photograph], strengths: Strengths | None = None) -> Calibration:
    return Calibration(
        emotions=train_emotions(photographs, strengths),
        smile=train_smile(photographs),
        appearance=train_appearance(photographs),
        age_width=train_age_width(photographs),
    )
