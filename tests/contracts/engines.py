"""Engines that the contract suite runs, built small enough for a test."""

from pathlib import Path

from generation.engines.diffusers import DiffusersEngine
from tests.tiny_diffusion import build_tiny_sd


def tiny_diffusers_engine(folder: Path) -> DiffusersEngine:
    """The diffusers engine with a tiny model built into `folder`: needs requirements/generation.txt."""
    models = {"tiny": {"id": str(build_tiny_sd(folder)), "steps": 2}}
    return DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=2)
