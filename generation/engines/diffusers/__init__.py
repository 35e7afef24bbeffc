"""Pictures by diffusion models on this machine. Importing this package costs nothing: `worker` brings torch."""

from generation.engines.diffusers.engine import DiffusersEngine

__all__ = ["DiffusersEngine"]
