"""What a picture is, in numbers: its words, colours, texture and layout. Made once, when the picture appears."""

from recommend.features.vector import DIMENSION, NEUTRAL, VERSION, describe_image

__all__ = ["DIMENSION", "NEUTRAL", "VERSION", "describe_image"]
