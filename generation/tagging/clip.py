"""Tags by CLIP: words are ranked by the similarity of text and picture. Runs in a worker, never in a web process."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from garden.errors import MisconfiguredError
from generation.engines.base import EngineUnavailableError
from generation.tagging.base import PictureTagger, Sight, Tag, Word, best

SAID = "a picture of {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTagger(PictureTagger):
    """`model` is a folder in the hub's layout (config.json, *.safetensors, tokenizer); `engine` names the workers
    that have torch; `device` is auto, cpu, mps or cuda[:n]."""

    name: ClassVar[str] = "clip"
    note: ClassVar[str] = "Ranked by CLIP among the words of the garden's vocabulary."
    model: str = ""
    engine: str = "diffusers"
    device: str = "auto"

    def __post_init__(self) -> None:
        if not self.model or not Path(self.model).is_absolute():
            raise MisconfiguredError("ClipTagger: model must be the absolute path of a folder.")

    @property
    def label(self) -> str:
        return f"{self.name}:{Path(self.model).name}"

    @property
    def queue(self) -> str:
        return self.engine

    def read(self, sight: Sight, words: Sequence[Word]) -> list[Tag]:
        """`score` is the word's likelihood among those of its kind."""
        try:
            from generation.tagging.ranking import rank
        except ImportError as error:
            raise EngineUnavailableError(f"{error.name} is not installed for reading tags.") from error
        texts = [SAID.format(word.text) for word in words]
        scores = rank(self.model, self.device, sight.pixels, texts, [word.kind for word in words])
        return best([Tag(word.text, word.kind, score) for word, score in zip(words, scores, strict=True)])
