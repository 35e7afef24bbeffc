"""How the one lossy file of a version is written."""

from typing import Any

FINE: dict[str, Any] = {"quality": 95, "subsampling": 0, "optimize": True, "progressive": True}
"""Full colour resolution: what was not repainted goes through JPEG again, and is to show it as little as can be."""
