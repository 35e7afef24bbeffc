"""Reading faces on this machine with open networks. Plain Python, numpy and OpenCV, without Django."""

from garden.faces.local.analyzer import LocalAnalyzer

__all__ = ["LocalAnalyzer"]
