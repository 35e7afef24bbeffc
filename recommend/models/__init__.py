from recommend.backends.base import Kind
from recommend.models.interaction import Interaction
from recommend.models.rate import ImageRate
from recommend.models.slate import Slate

__all__ = ["ImageRate", "Interaction", "Kind", "Slate"]
