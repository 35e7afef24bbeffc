"""The one file that is lossy: the JPEG of a published version, made from its lossless layers."""

from datetime import UTC, datetime
from typing import Any

import PIL.Image

from generation.encoding import FileFormat, encode_facts
from generation.models import Version
from generation.provenance.facts import DigitalSourceType, Facts, is_trained
from generation.retouch.versions import compose, path_to

_UNKNOWN = {"", "import", "upload"}


def encode_retouched(version: Version) -> bytes:
    """JPEG bytes that say how the picture came to be, signed where the site has a key."""
    return encode_facts(PIL.Image.fromarray(compose(version)), FileFormat.JPEG, facts_of_version(version), **FINE)


def facts_of_version(version: Version) -> Facts:
    """A composite; of trained algorithms as soon as one of its parts is."""
    trained = any(is_trained(maker) for maker in makers_of(version))
    return Facts(
        source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED if trained else DigitalSourceType.COMPOSITE,
        engine=version.engine or "retouch",
        model=version.model,
        prompt=version.wishes.prompt_text,
        made_at=datetime.now(UTC).replace(microsecond=0),
    )


def origin_of(version: Version) -> str:
    """Who made the picture, in one word: a trained engine counts before others."""
    makers = makers_of(version)
    return next((maker for maker in makers if is_trained(maker)), makers[0] if makers else "retouch")


def makers_of(version: Version) -> list[str]:
    """The engines that painted its parts, the last one first; of an upload or an import nobody knows."""
    image = version.canvas.image
    makers = [step.engine for step in reversed(path_to(version))]
    return [maker for maker in (*makers, image.origin if image else "") if maker not in _UNKNOWN]


FINE: dict[str, Any] = {"quality": 95, "subsampling": 0, "optimize": True, "progressive": True}
"""Full colour resolution: what was not repainted goes through JPEG again, and is to show it as little as can be."""
