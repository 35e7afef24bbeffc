"""How right we and @vladmandic/human in Node are on the same labelled photographs, for `benchmarks.emotion`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.emotion_peer import ask_peer
from benchmarks.emotion_photos import Sample as Photo
from garden.faces.evaluation.labels import WORDS, Labelled, read_labels, read_samples
from garden.faces.local import LocalAnalyzer
from garden.faces.local.networks import Networks
from garden.vocabulary import Emotion
from tools.faces.validation import cross_validated

Answers = Sequence[Emotion | None]


def accuracy(place: Path, models: Path) -> dict[str, Any]:
    """Ours on people that its trained numbers never saw; the peer as it comes. No face counts as wrong."""
    labelled = [each for each in read_labels(place) if each.emotion]
    words = [emotion for emotion in Emotion if any(each.emotion is emotion for each in labelled)]
    answers = {"ours, by person": _ours(labelled, words, models), "human in Node (WASM)": _peers(labelled)}
    truth = [each.emotion for each in labelled]
    seen = [all(given[index] for given in answers.values()) for index in range(len(truth))]
    return {
        "photographs": len(truth),
        "seen_by_both": sum(seen),
        "figures": [{"what": name, **_figure(truth, given, seen, words)} for name, given in answers.items()],
    }


def _ours(labelled: list[Labelled], words: list[Emotion], models: Path) -> Answers:
    analyzer = LocalAnalyzer(models=models)
    samples = list(read_samples(analyzer, tqdm(labelled, unit=" photo", disable=None)))
    anew = cross_validated(samples, Networks(models))
    scores = [sample.reading.scores if sample.reading else None for sample in anew]
    return [max(words, key=each.__getitem__) if each else None for each in scores]


def _peers(labelled: list[Labelled]) -> Answers:
    answered = ask_peer([Photo(each.path.name, each.path.read_bytes()) for each in labelled], warm_up=False)
    return [WORDS[word] if word else None for word in answered["emotions"]]


def _figure(truth: Answers, given: Answers, seen: list[bool], words: list[Emotion]) -> dict[str, Any]:
    def recall(word: Emotion, among: Sequence[int]) -> float:
        return float(np.mean([given[index] is word for index in among if truth[index] is word]))

    everything = range(len(truth))
    both = [index for index in everything if seen[index]]
    recalls = {word.value: recall(word, everything) for word in words}
    return {
        "balanced": float(np.mean(list(recalls.values()))),
        "without_fear": float(np.mean([part for word, part in recalls.items() if word != Emotion.FEAR])),
        "balanced_seen_by_both": float(np.mean([recall(word, both) for word in words])),
        "recalls": recalls,
    }


def print_accuracy(report: Mapping[str, Any]) -> None:
    print(f"\n{report['photographs']} labelled photographs, of which both found a face on {report['seen_by_both']}")
    words = list(report["figures"][0]["recalls"])
    print(f"{'balanced accuracy':24} {'all':>9} {'no fear':>9} {'both saw':>9}", *(f"{word:>9}" for word in words))
    for figure in report["figures"]:
        means = (figure["balanced"], figure["without_fear"], figure["balanced_seen_by_both"])
        print(f"{figure['what']:24}", *(f"{part:>9.3f}" for part in (*means, *figure["recalls"].values())))
