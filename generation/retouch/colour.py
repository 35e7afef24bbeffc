"""Paint in the colours of its surroundings."""

import cv2
import numpy as np

from generation.retouch.pixels import Mask, Pixels

FEW = 0.05
"""A smaller share of a crop than this says too little of its colours."""
FARTHEST = 2.0
"""Contrast is changed at most so many times."""


def match_colours(paint: Pixels, crop: Pixels, mask: Mask, amount: float) -> Pixels:
    """Paint whose mean and spread in CIE Lab are, by `amount` from 0 to 1, those of the crop around the mask.

    Where the mask leaves too little of the crop, those of all of it (Reinhard 2001).
    """
    if amount == 0:
        return paint
    under, around = mask > 127, mask == 0
    painted = cv2.cvtColor(paint.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    given = cv2.cvtColor(crop.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    ours = painted[under] if under.any() else painted.reshape(-1, 3)
    theirs = given[around] if around.mean() >= FEW else given.reshape(-1, 3)
    ratio = np.clip((theirs.std(0) + 1e-3) / (ours.std(0) + 1e-3), 1 / FARTHEST, FARTHEST)
    matched = (painted - ours.mean(0)) * ratio + theirs.mean(0)
    mixed = (painted + (matched - painted) * amount).astype(np.float32)
    matched_light = np.asarray(cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB), np.float32)
    found: Pixels = np.clip(matched_light * 255 + 0.5, 0, 255).astype(np.uint8)
    return found
