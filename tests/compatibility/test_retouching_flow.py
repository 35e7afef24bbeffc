"""A whole visit of the retouching seed's page, with the painter at work: who am I, look at the crop, repaint, again."""

from typing import Any

import numpy as np
import PIL.Image
import pytest
from rest_framework.test import APIClient

from generation.models import Version
from tests.compatibility.retouching_client import (
    MASKED,
    asked,
    cleo,
    data_url,
    edge,
    generate,
    page,
    photo,
    pixels_of,
    worker_at_work,
)

__all__ = ["cleo", "page"]


@pytest.mark.django_db(transaction=True)
def test_it_signs_in_looks_repaints_and_goes_on_from_what_it_got(page: APIClient, settings: Any) -> None:
    settings.GENERATION_DEFAULT_ENGINE = "painter"
    assert page.get("/user/username").json()["credit"] == 3
    picture = data_url(photo())
    with worker_at_work(["painter"]):
        looked = edge(page, picture).json()
        words = looked["taggingResult"]["caption"]["tag"]
        lines = data_url(PIL.Image.fromarray(pixels_of(looked["image"])))
        prompt = ",".join(["calm sea", *sorted(words, key=lambda word: -words[word])])
        first = generate(page, imageData=picture, edgeData=lines, positivePrompt=prompt, seed=5)
        assert first.status_code == 200, first.content
        pasted = PIL.Image.fromarray(pixels_of(first.json()["image"]))
        second = generate(page, imageData=data_url(pasted, "png"), useEdge=False, positivePrompt="calm sea", seed=6)
    assert [answer.json()["remainingCredit"] for answer in (first, second)] == [2, 1]
    assert first.json()["ignored"] == ["sampler"]
    assert [version.engine for version in Version.objects.order_by("created_at")] == ["painter", "painter"]
    before, after = np.asarray(pasted), pixels_of(second.json()["image"])
    left, top, right, bottom = MASKED
    assert (before != after)[top:bottom, left:right].any()
    assert (before[: top - 17] == after[: top - 17]).all()
    assert set(asked()) == _sent_by_the_page()


def _sent_by_the_page() -> set[str]:
    """The 26 names of its request."""
    names = """sampler steps seed maskBlur cfgScale denosing initialNoiseMultiplier controlMode controlWeight
        referenceControlMode referenceControlWeight inpaintingFill width height positivePrompt negativePrompt
        antiGlareFilterFlag antiGlareFilterSigmaS antiGlareFilterSigmaR imageData maskData edgeData useEdge
        useReference useAnotherImageForReference referenceImageData"""
    return set(names.split())
