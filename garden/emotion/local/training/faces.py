"""Training smile, eyeglasses, beard, mustache and sunglasses."""

from dataclasses import replace

import numpy as np

from garden.emotion.local.calibration import LinearModel, calibration
from garden.emotion.local.training.logistic import Flags, Recipe, fit
from garden.emotion.local.training.photographs import Photograph
from garden.vocabulary import Emotion

WORN = ("eyeglasses", "beard", "mustache")
SMILE = Recipe(classes=2, strength=0.1)
SUNGLASSES_RARITY = 0.8
"""Half of the rows wear drawn sunglasses, which hardly any visitor does: so much less likely to begin with."""

AMONG_VISITORS = {"eyeglasses": 0.3, "beard": 0.2, "mustache": 0.15}
"""How common each is expected to be: press photographs of twenty years ago show fewer than a museum does."""

APPEARANCE = Recipe(classes=2, strength=0.01, balanced=False)


def train_smile(photographs: list[Photograph]) -> LinearModel:
    """Happy against everything else."""
    return _train(*_smile_rows(photographs), SMILE)


def _smile_rows(photographs: list[Photograph]) -> tuple[np.ndarray, Flags]:
    features = np.stack([photograph.smile for photograph in photographs])
    return features, np.array([photograph.emotion is Emotion.HAPPY for photograph in photographs])


def train_appearance(photographs: list[Photograph]) -> LinearModel:
    """One column for each of WORN, then one for sunglasses; as it is where no photograph says what people wear."""
    chosen, flags = _worn_rows(photographs)
    if not chosen:
        return calibration().appearance
    features = np.stack([photograph.description for photograph in chosen])
    models = [_train_worn(features, flags[:, index], AMONG_VISITORS[name]) for index, name in enumerate(WORN)]
    shaded = _train(*_views(*_shaded_rows(chosen)), APPEARANCE)
    models.append(replace(shaded, bias=shaded.bias - SUNGLASSES_RARITY))
    return _side_by_side(models)


def _train_worn(features: np.ndarray, flags: Flags, expected: float) -> LinearModel:
    model = _train(*_views(features, flags), APPEARANCE)
    return replace(model, bias=model.bias + _log_odds(expected) - _log_odds(float(flags.mean().clip(0.01, 0.99))))


def _log_odds(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _shaded_rows(photographs: list[Photograph]) -> tuple[np.ndarray, Flags]:
    """Each photograph twice, as it is and behind drawn sunglasses; who wears real ones is kept for testing."""
    bare = [photograph for photograph in photographs if not photograph.attributes.get("sunglasses")]
    features = np.stack([photograph.description for photograph in bare] + [photograph.shaded for photograph in bare])
    return features, np.repeat([False, True], len(bare))


def _side_by_side(models: list[LinearModel]) -> LinearModel:
    """One model with a column for each; all are brought to the first one's standardisation."""
    first = models[0]
    weights = [model.weights * (first.scale / model.scale)[:, None] for model in models]
    bias = [model.bias + (first.mean - model.mean) / model.scale @ model.weights for model in models]
    return LinearModel(first.mean, first.scale, np.hstack(weights), np.hstack(bias))


def _worn_rows(photographs: list[Photograph]) -> tuple[list[Photograph], Flags]:
    """The photographs that were labelled by eye."""
    chosen = [photograph for photograph in photographs if all(name in photograph.attributes for name in WORN)]
    return chosen, np.array([[photograph.attributes[name] for name in WORN] for photograph in chosen])


def _train(features: np.ndarray, flags: Flags, recipe: Recipe) -> LinearModel:
    """A yes-or-no model with a single logit."""
    model = fit(features, flags.astype(np.int64), recipe)
    weights, bias = model.weights[:, 1:] - model.weights[:, :1], model.bias[1:] - model.bias[:1]
    return LinearModel(model.mean, model.scale, weights, bias)


def _views(features: np.ndarray, flags: Flags) -> tuple[np.ndarray, Flags]:
    """N × views × features as rows, each with its photograph's flag."""
    return np.concatenate(features), np.repeat(flags, features.shape[1])
