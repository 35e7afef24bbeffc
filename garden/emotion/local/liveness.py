"""Whether a person is there or a picture of one, as two open networks see it. Off unless a site asks for it."""

from garden.emotion.local.networks import Networks
from garden.emotion.local.portrait import Portrait

LIVENESS_NETWORKS = ("antispoof", "liveness")
CROP = 1.5
"""About the reach of the crop that the networks' own package gives them."""

ANTISPOOF_SIDE, LIVENESS_SIDE = 128, 32

LEAST_LIVE = 0.23


def read_live(networks: Networks, portrait: Portrait) -> float:
    """0 … 1: the lower of both networks' words, since either one may be taken in by another kind of picture."""
    (real,) = networks.run("antispoof", ["real"], portrait.tensor(CROP, ANTISPOOF_SIDE)[None] / 255)
    (live,) = networks.run("liveness", ["live"], portrait.tensor(CROP, LIVENESS_SIDE)[None] / 255)
    return min(float(real.ravel()[0]), float(live.ravel()[0]))
