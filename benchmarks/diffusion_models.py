"""Models to measure speed with: full-size architectures with random weights, which cost what real ones cost.

The shapes are those of SD 2.1, SD-Turbo, SDXL-Turbo and FLUX.2 [klein] 4B, as their configurations on the hub state
them: OpenCLIP-H text encoder of 23 layers, UNet of 866 M parameters and autoencoder of 84 M for the first two.
"""

from pathlib import Path
from typing import Any

from tools.tiny_diffusion import build_tiny_klein, build_tiny_sd, build_tiny_sdxl, byte_tokenizer, letter_tokenizer

RANDOM = ("tiny", "sd21-random", "sdturbo-random")
"""Those of `benchmarks.diffusion`."""
TINY = {"tiny": build_tiny_sd, "tiny-sdxl": build_tiny_sdxl, "tiny-klein": build_tiny_klein}
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def build(name: str, folder: Path, dtype: str) -> Path:
    """Write the model into `folder` in the hub's layout."""
    if name in TINY:
        return TINY[name](folder)
    import torch

    torch.manual_seed(0)
    standard = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        pipeline = {"sdxl-turbo-random": _sdxl, "klein-random": _klein}.get(name, _sd)(name)
    finally:
        torch.set_default_dtype(standard)
    pipeline.save_pretrained(folder)
    return folder


def _network(cls: Any, *arguments: Any, **options: Any) -> Any:
    """With random weights, drawn on a GPU if there is one: billions take minutes on a processor."""
    import torch

    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        return cls(*arguments, **options).eval()


def _sd(name: str) -> Any:
    from diffusers import StableDiffusionPipeline

    return StableDiffusionPipeline(
        vae=_autoencoder(),
        unet=_unet(),
        text_encoder=_text_encoder(),
        scheduler=_scheduler(name),
        tokenizer=letter_tokenizer(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _sdxl(name: str) -> Any:
    from diffusers import EulerAncestralDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    small = CLIPTextConfig(
        hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768
    )
    large = CLIPTextConfig(
        hidden_size=1280,
        intermediate_size=5120,
        num_hidden_layers=32,
        num_attention_heads=20,
        hidden_act="gelu",
        projection_dim=1280,
    )
    unet = _network(
        UNet2DConditionModel,
        sample_size=64,
        block_out_channels=(320, 640, 1280),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=[1, 2, 10],
        attention_head_dim=[5, 10, 20],
        cross_attention_dim=2048,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2816,
    )
    return StableDiffusionXLPipeline(
        vae=_autoencoder(),
        text_encoder=_network(CLIPTextModel, small),
        text_encoder_2=_network(CLIPTextModelWithProjection, large),
        tokenizer=letter_tokenizer(),
        tokenizer_2=letter_tokenizer(pad_token="!"),
        unet=unet,
        scheduler=EulerAncestralDiscreteScheduler(**NOISE, timestep_spacing="trailing", steps_offset=1),
        add_watermarker=False,
    )


def _klein(name: str) -> Any:
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen3Config, Qwen3ForCausalLM

    transformer = _network(
        Flux2Transformer2DModel,
        in_channels=128,
        num_layers=5,
        num_single_layers=20,
        attention_head_dim=128,
        num_attention_heads=24,
        joint_attention_dim=3 * 2560,
        guidance_embeds=False,
    )
    reader = Qwen3Config(
        vocab_size=151936,
        hidden_size=2560,
        intermediate_size=9728,
        num_hidden_layers=36,
        num_attention_heads=32,
        num_key_value_heads=8,
        head_dim=128,
        tie_word_embeddings=True,
    )
    return Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=_network(AutoencoderKLFlux2),
        text_encoder=_network(Qwen3ForCausalLM, reader),
        tokenizer=byte_tokenizer(),
        transformer=transformer,
        is_distilled=True,
    )


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
    return _network(CLIPTextModel, config)


def _unet() -> Any:
    from diffusers import UNet2DConditionModel

    return _network(
        UNet2DConditionModel,
        sample_size=96,
        cross_attention_dim=1024,
        attention_head_dim=(5, 10, 20, 20),
        use_linear_projection=True,
    )


def _autoencoder() -> Any:
    from diffusers import AutoencoderKL

    return _network(
        AutoencoderKL,
        block_out_channels=(128, 256, 512, 512),
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        layers_per_block=2,
        latent_channels=4,
        sample_size=768,
        force_upcast=False,
    )


def _scheduler(name: str) -> Any:
    from diffusers import DDIMScheduler, EulerDiscreteScheduler

    if name == "sdturbo-random":
        return EulerDiscreteScheduler(**NOISE, timestep_spacing="trailing", steps_offset=1)
    return DDIMScheduler(
        **NOISE, clip_sample=False, steps_offset=1, set_alpha_to_one=False, prediction_type="v_prediction"
    )
