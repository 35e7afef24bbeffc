from recommend.models.interaction import Interaction, Kind
from recommend.models.rate import ImageRate
from recommend.models.slate import Slate

__all__ = ["ImageRate", "Interaction", "Kind", "Slate"]
