"""Engines that the contract suite runs, built small enough for a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from generation.engines.diffusers import DiffusersEngine
from generation.engines.openai_images import OpenAIImagesEngine
from generation.engines.sagemaker import SageMakerEngine
from tests.generation.engines.openai_images.server import fake_image_server
from tests.generation.engines.sagemaker.server import fake_sagemaker, working
from tools.tiny_diffusion import build_tiny_sd


def tiny_diffusers_engine(folder: Path) -> DiffusersEngine:
    """The diffusers engine with a tiny model built into `folder`: needs requirements/generation.txt."""
    models = {"tiny": {"id": str(build_tiny_sd(folder)), "steps": 2}}
    return DiffusersEngine(models=models, default_model="tiny", device="cpu", max_batch=2)


@contextmanager
def local_sagemaker_engine() -> Iterator[SageMakerEngine]:
    """The SageMaker engine with two endpoints of a local server that speaks InvokeEndpoint."""
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_EC2_METADATA_DISABLED": "true"}
    with fake_sagemaker() as server, mock.patch.dict("os.environ", keys):
        server.endpoints = {"a": working(), "b": working(), "repaint": working()}
        where: dict[str, Any] = {"endpoint_url": server.url, "region": "eu-west-1"}
        yield SageMakerEngine(endpoints=["a", "b"], inpaint_endpoints=["repaint"], **where)


@contextmanager
def local_image_servers() -> Iterator[OpenAIImagesEngine]:
    """The engine for image servers with two local ones."""
    with fake_image_server() as one, fake_image_server() as other:
        yield OpenAIImagesEngine(addresses=[one.address, other.address], dialect="vllm-omni")
