"""What a network sees in pictures, as vectors: optional, and asked by workers only."""

from recommend.encoders.base import PictureEncoder, Pixels
from recommend.encoders.clip import ClipEncoder
from recommend.encoders.registry import get_encoder

__all__ = ["ClipEncoder", "PictureEncoder", "Pixels", "get_encoder"]
