"""How often a second reader says the same as the labels; and the analyzer, of the same photographs.

`second.csv`: photographs of press people, one a person and emotion, equally many of each of the five emotions, labelled
again by a vision-language model.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from garden.faces.evaluation.labels import WORDS, Labelled, read_samples
from garden.faces.local import LocalAnalyzer
from garden.faces.local.emotions import TRAINED
from garden.faces.local.networks import Networks
from garden.vocabulary import Emotion
from tools.faces.validation import cross_validated

SECOND = Path(__file__).parent / "second.csv"

Answers = dict[str, Emotion]
"""By the name of the photograph's file."""


def figures(labelled: Sequence[Labelled], networks: Networks) -> Iterator[str]:
    """A line each pair of readers. The analyzer's numbers are trained on other people."""
    samples = cross_validated(list(read_samples(LocalAnalyzer(models=networks.folder), labelled)), networks)
    labels = {each.path.name: each.emotion for each in labelled if each.emotion in TRAINED}
    read = {
        each.labelled.path.name: max(TRAINED, key=each.reading.scores.__getitem__) for each in samples if each.reading
    }
    with SECOND.open(newline="", encoding="utf-8") as file:
        second = {row["file"]: WORDS[row["label"]] for row in csv.DictReader(file) if row["file"] in read}
    for name, one, other in (
        ("second reader and labels", labels, second),
        ("analyzer and labels", labels, {file: read[file] for file in second}),
        ("analyzer and second reader", second, read),
    ):
        share, kappa, count = agreement(one, other)
        yield f"{name}: {share:.3f} balanced, kappa {kappa:.2f}, {count} photographs"


def agreement(labels: Answers, others: Answers) -> tuple[float, float, int]:
    """The part of `labels` that `others` say too, a mean over emotions; Cohen's kappa (1960); how many both judge."""
    both = sorted(labels.keys() & others.keys())
    one, other = (np.array([TRAINED.index(said[file]) for file in both]) for said in (labels, others))
    same = one == other
    balanced = float(np.mean([same[one == word].mean() for word in np.unique(one)]))
    by_chance = sum(float((one == word).mean() * (other == word).mean()) for word in range(len(TRAINED)))
    return balanced, (float(same.mean()) - by_chance) / (1 - by_chance), len(both)
