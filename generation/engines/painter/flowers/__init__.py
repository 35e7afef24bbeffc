"""Flowers, each grown from a rule."""
