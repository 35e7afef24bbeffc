"""Pictures from a fleet of Amazon SageMaker endpoints."""

from generation.engines.sagemaker.engine import SageMakerEngine

__all__ = ["SageMakerEngine"]
