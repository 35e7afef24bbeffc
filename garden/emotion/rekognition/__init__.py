"""Reading faces at Amazon Rekognition: the photo's bytes are sent there and kept nowhere, S3 is not involved."""

from garden.emotion.rekognition.analyzer import RekognitionAnalyzer

__all__ = ["RekognitionAnalyzer"]
