"""Reading faces on this machine with the networks of the `uniface` package, which it fetches once and verifies."""

from garden.emotion.uniface.analyzer import UniFaceAnalyzer

__all__ = ["UniFaceAnalyzer"]
