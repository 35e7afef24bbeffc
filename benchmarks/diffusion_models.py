"""Models to measure speed with: full-size architectures with random weights, which cost what real ones cost.

The shapes are those of SD 2.1 and SD-Turbo (OpenCLIP-H text encoder of 23 layers, UNet of 866 M parameters,
autoencoder of 84 M), as their configurations on the hub state them.
"""

from pathlib import Path
from typing import Any

from tools.tiny_diffusion import build_tiny_sd, letter_tokenizer

RANDOM = ("tiny", "sd21-random", "sdturbo-random")
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def build(name: str, folder: Path, dtype: str) -> Path:
    """Write the model into `folder` in the hub's layout."""
    if name == "tiny":
        return build_tiny_sd(folder)
    import torch
    from diffusers import StableDiffusionPipeline

    torch.manual_seed(0)
    parts = {"vae": _autoencoder(), "unet": _unet(), "text_encoder": _text_encoder(), "scheduler": _scheduler(name)}
    pipeline = StableDiffusionPipeline(
        **parts,
        tokenizer=letter_tokenizer(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(getattr(torch, dtype)).save_pretrained(folder)
    return folder


def _text_encoder() -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    tokenizer = letter_tokenizer()
    config = CLIPTextConfig(
        vocab_size=49408,
        hidden_size=1024,
        intermediate_size=4096,
        num_hidden_layers=23,
        num_attention_heads=16,
        hidden_act="gelu",
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    return CLIPTextModel(config).eval()


def _unet() -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=96,
        cross_attention_dim=1024,
        attention_head_dim=(5, 10, 20, 20),
        use_linear_projection=True,
    ).eval()


def _autoencoder() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        layers_per_block=2,
        latent_channels=4,
        sample_size=768,
        force_upcast=False,
    ).eval()


def _scheduler(name: str) -> Any:
    from diffusers import DDIMScheduler, EulerDiscreteScheduler

    if name == "sdturbo-random":
        return EulerDiscreteScheduler(**NOISE, timestep_spacing="trailing", steps_offset=1)
    return DDIMScheduler(
        **NOISE, clip_sample=False, steps_offset=1, set_alpha_to_one=False, prediction_type="v_prediction"
    )
