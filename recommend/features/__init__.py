"""What a picture is, in numbers: its words, colours, texture and layout, and what an encoder sees. Made once."""

from recommend.features.layout import CONSTANT, ENCODED, Layout, layout
from recommend.features.vector import DIMENSION, NEUTRAL, VERSION, describe_image

__all__ = ["CONSTANT", "DIMENSION", "ENCODED", "NEUTRAL", "VERSION", "Layout", "describe_image", "layout"]
