"""The painter: gardens painted by rule, without a model."""

from generation.engines.painter.engine import PainterEngine

__all__ = ["PainterEngine"]
