"""Picture sizes that curators choose from, in pixels."""

from garden.vocabulary import Orientation

RESOLUTIONS = (
    (768, 512),
    (640, 480),
    (800, 600),
    (960, 640),
    (1024, 576),
    (1024, 600),
    (1024, 768),
    (1280, 800),
    (800, 1280),
)
SINGLE = (768, 512)
PAIR = {Orientation.LANDSCAPE: (1280, 800), Orientation.PORTRAIT: (800, 1280)}
LETTERS = {Orientation.LANDSCAPE: "h", Orientation.PORTRAIT: "v"}


def orientation_of_size(width: int, height: int) -> Orientation:
    return Orientation.PORTRAIT if height > width else Orientation.LANDSCAPE
