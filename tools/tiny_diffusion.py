"""Diffusion models small enough to build in a test: the real classes, random weights, noise for pictures.

The tokenizer knows letters only, so that one letter is one token and 78 letters are already too many for one chunk.
"""

from pathlib import Path
from typing import Any

WIDTH = 16
TOKENS = 77


def build_tiny_sd(folder: Path, **scheduler: Any) -> Path:
    """A Stable Diffusion of 1.4 MB in `folder`, in the layout of the hub."""
    import torch
    from diffusers import StableDiffusionPipeline

    torch.manual_seed(0)
    pipeline = StableDiffusionPipeline(
        vae=_autoencoder(),
        text_encoder=_text_encoder(),
        tokenizer=letter_tokenizer(),
        unet=_unet(cross_attention_dim=WIDTH),
        scheduler=_scheduler(**scheduler),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_sdxl(folder: Path) -> Path:
    """An SDXL: two text encoders, the second with a projection, sizes as conditions."""
    import torch
    from diffusers import StableDiffusionXLPipeline

    torch.manual_seed(0)
    pipeline = StableDiffusionXLPipeline(
        vae=_autoencoder(),
        text_encoder=_text_encoder(),
        text_encoder_2=_text_encoder(projected=True),
        tokenizer=letter_tokenizer(),
        tokenizer_2=letter_tokenizer(pad_token="!"),
        unet=_unet(
            cross_attention_dim=2 * WIDTH,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + WIDTH,
        ),
        scheduler=_scheduler(),
        add_watermarker=False,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_klein(folder: Path, *, distilled: bool = True) -> Path:
    """A FLUX.2 [klein]: a Qwen3 reads the prompt, a transformer works on 2×2 patches of latents."""
    import torch
    from diffusers import AutoencoderKLFlux2, Flux2KleinPipeline, Flux2Transformer2DModel

    torch.manual_seed(0)
    layers = 27  # The pipeline reads hidden states 9, 18 and 27.
    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=WIDTH,
        num_attention_heads=2,
        joint_attention_dim=3 * WIDTH,
        timestep_guidance_channels=WIDTH,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    autoencoder = AutoencoderKLFlux2(
        block_out_channels=(4, 4, 8, 8), layers_per_block=1, latent_channels=4, norm_num_groups=2, sample_size=64
    )
    pipeline = Flux2KleinPipeline(
        scheduler=_flow_scheduler(),
        vae=autoencoder,
        text_encoder=_qwen(layers),
        tokenizer=byte_tokenizer(),
        transformer=transformer,
        is_distilled=distilled,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_z_image(folder: Path) -> Path:
    """A Z-Image: a Qwen3 reads the prompt, a single-stream transformer follows."""
    import torch
    from diffusers import ZImagePipeline, ZImageTransformer2DModel

    torch.manual_seed(0)
    transformer = ZImageTransformer2DModel(
        in_channels=4,
        dim=2 * WIDTH,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=WIDTH,
        axes_dims=[8, 4, 4],
        axes_lens=[TOKENS, 32, 32],
    )
    autoencoder = _autoencoder(scaling_factor=0.3611, shift_factor=0.1159)
    pipeline = ZImagePipeline(_flow_scheduler(), autoencoder, _qwen(layers=2), byte_tokenizer(), transformer)
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_sana(folder: Path) -> Path:
    """A SANA: a Gemma reads the prompt, linear attention works on latents of a deep-compression autoencoder."""
    import torch
    from diffusers import AutoencoderDC, SanaPipeline, SanaTransformer2DModel

    torch.manual_seed(0)
    transformer = SanaTransformer2DModel(
        patch_size=1,
        in_channels=4,
        out_channels=4,
        num_layers=1,
        num_attention_heads=2,
        attention_head_dim=8,
        num_cross_attention_heads=2,
        cross_attention_head_dim=8,
        cross_attention_dim=WIDTH,
        caption_channels=WIDTH,
        sample_size=16,
    )
    both: dict[str, Any] = {"encoder": [], "decoder": []}
    autoencoder = AutoencoderDC(
        latent_channels=4,
        attention_head_dim=4,
        **{f"{side}_block_types": "ResBlock" for side in both},
        **{f"{side}_block_out_channels": (8,) * 6 for side in both},
        **{f"{side}_layers_per_block": (1,) * 6 for side in both},
        **{f"{side}_qkv_multiscales": ((),) * 6 for side in both},
        downsample_block_type="Conv",
        upsample_block_type="interpolate",
    )
    pipeline = SanaPipeline(byte_tokenizer(), _gemma(), autoencoder, transformer, _flow_scheduler(shifting=False))
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_qwen_image(folder: Path) -> Path:
    """A Qwen-Image: a Qwen2.5-VL reads the prompt, latents have a time axis of one frame."""
    import torch
    from diffusers import AutoencoderKLQwenImage, QwenImagePipeline, QwenImageTransformer2DModel

    torch.manual_seed(0)
    transformer = QwenImageTransformer2DModel(
        in_channels=16,
        out_channels=4,
        num_layers=2,
        attention_head_dim=WIDTH,
        num_attention_heads=2,
        joint_attention_dim=WIDTH,
        axes_dims_rope=(8, 4, 4),
    )
    autoencoder = AutoencoderKLQwenImage(
        base_dim=4,
        z_dim=4,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.0] * 4,
        latents_std=[1.0] * 4,
    )
    autoencoder.decoder.conv_out.weight.data *= 20  # A random one decodes nothing but grey.
    pipeline = QwenImagePipeline(_flow_scheduler(), autoencoder, _qwen_vl(), byte_tokenizer(), transformer)
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_sd3(folder: Path) -> Path:
    """A Stable Diffusion 3.5: two CLIP encoders and a T5 read the prompt."""
    import torch
    from diffusers import SD3Transformer2DModel, StableDiffusion3Pipeline

    torch.manual_seed(0)
    transformer = SD3Transformer2DModel(
        sample_size=8,
        in_channels=16,
        out_channels=16,
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=2 * WIDTH,
        caption_projection_dim=2 * WIDTH,
        pooled_projection_dim=2 * WIDTH,
    )
    pipeline = StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=_flow_scheduler(shifting=False),
        vae=_autoencoder(latent_channels=16, scaling_factor=1.5305, shift_factor=0.0609),
        text_encoder=_text_encoder(projected=True),
        tokenizer=letter_tokenizer(),
        text_encoder_2=_text_encoder(projected=True),
        tokenizer_2=letter_tokenizer(pad_token="!"),
        text_encoder_3=_t5(),
        tokenizer_3=byte_tokenizer(),
    )
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_lora(path: Path, pipeline_folder: Path) -> Path:
    """A LoRA for the attention of a tiny Stable Diffusion's UNet."""
    import torch
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(5)
    unet = UNet2DConditionModel.from_pretrained(pipeline_folder, subfolder="unet")
    unet.add_adapter(LoraConfig(r=2, init_lora_weights=False, target_modules=["to_k", "to_q", "to_v", "to_out.0"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    StableDiffusionPipeline.save_lora_weights(
        path.parent, unet_lora_layers=get_peft_model_state_dict(unet), weight_name=path.name
    )
    return path


def build_tiny_decoder(folder: Path) -> Path:
    import torch
    from diffusers import AutoencoderTiny

    torch.manual_seed(0)
    channels = {"encoder_block_out_channels": (8, 8, 8, 8), "decoder_block_out_channels": (8, 8, 8, 8)}
    blocks = {"num_encoder_blocks": (1, 1, 1, 1), "num_decoder_blocks": (1, 1, 1, 1)}
    AutoencoderTiny(**channels, **blocks).save_pretrained(folder)
    return folder


def letter_tokenizer(pad_token: str = "<|endoftext|>") -> Any:
    from transformers import CLIPTokenizer

    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    vocab = {word: number for number, word in enumerate(words)}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=TOKENS, pad_token=pad_token)


def byte_tokenizer() -> Any:
    """One token a byte, and a template of messages that is nothing but what they say."""
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2Tokenizer

    words = [*sorted(ByteLevel.alphabet()), "<|endoftext|>"]
    tokenizer = Qwen2Tokenizer(vocab={word: number for number, word in enumerate(words)}, merges=[])
    tokenizer.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    return tokenizer


def _qwen(layers: int) -> Any:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config(
        vocab_size=257,
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=512,
    )
    return Qwen3ForCausalLM(config).eval()


def _gemma() -> Any:
    from transformers import Gemma2Config, Gemma2Model

    config = Gemma2Config(
        vocab_size=257,
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=4096,
    )
    return Gemma2Model(config).eval()


def _qwen_vl() -> Any:
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    text = {
        "vocab_size": 257,
        "hidden_size": WIDTH,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "rope_parameters": {"mrope_section": [1, 1, 2], "rope_type": "default", "rope_theta": 1e6},
        "bos_token_id": 256,
        "eos_token_id": 256,
    }
    vision = {"depth": 1, "hidden_size": WIDTH, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": WIDTH}
    return Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(text_config=text, vision_config=vision)).eval()


def _t5() -> Any:
    from transformers import T5Config, T5EncoderModel

    config = T5Config(vocab_size=257, d_model=2 * WIDTH, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    return T5EncoderModel(config).eval()


def _flow_scheduler(*, shifting: bool = True) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=shifting)


def _text_encoder(*, projected: bool = False) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    tokenizer = letter_tokenizer()
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        projection_dim=WIDTH,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=TOKENS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config).eval()


def _unet(**kind: Any) -> Any:
    from diffusers import UNet2DConditionModel

    down, up = ["DownBlock2D"] * 3, ["UpBlock2D"] * 3
    unet = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16, 16, 32),
        down_block_types=(*down, "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", *up),
        layers_per_block=1,
        norm_num_groups=4,
        attention_head_dim=4,
        **kind,
    )
    _listen(unet)
    return unet


def _listen(unet: Any) -> None:
    """Random networks hardly depend on their prompt; this one shows every change of it."""
    for name, parameter in unet.named_parameters():
        if "attn2.to_out" in name or "attn2.to_v" in name:
            parameter.data *= 6


def _autoencoder(latent_channels: int = 4, **scale: float) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(4, 4, 8, 8),
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        latent_channels=latent_channels,
        norm_num_groups=2,
        sample_size=64,
        **scale,
    )


def _scheduler(**changes: Any) -> Any:
    from diffusers import DDIMScheduler

    stable_diffusion = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
    return DDIMScheduler(**stable_diffusion, clip_sample=False, steps_offset=1, **changes)


def build_tiny_controlnet(folder: Path) -> Path:
    """A ControlNet for the tiny Stable Diffusion; its last layers are not zero, so that lines have an effect."""
    import torch
    from diffusers import ControlNetModel

    torch.manual_seed(1)
    controlnet = ControlNetModel.from_unet(
        _unet(cross_attention_dim=WIDTH), conditioning_embedding_out_channels=(4, 4, 8, 8)
    )
    for name, parameter in controlnet.named_parameters():
        if "controlnet_" in name or "conv_out" in name:
            parameter.data = torch.randn_like(parameter) * 0.2
    controlnet.save_pretrained(folder, safe_serialization=True)
    return folder


def build_tiny_image_encoder(folder: Path) -> Path:
    """What an IP-Adapter reads its reference with."""
    import torch
    from transformers import CLIPVisionModelWithProjection

    torch.manual_seed(2)
    CLIPVisionModelWithProjection(_vision()).save_pretrained(folder)
    return folder


def build_tiny_ip_adapter(path: Path) -> Path:
    """Weights of an IP-Adapter for the tiny Stable Diffusion: a projection, and keys and values for each attention."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(3)
    unet = _unet(cross_attention_dim=WIDTH)
    tensors = {
        "image_proj.proj.weight": torch.randn(4 * WIDTH, WIDTH),
        "image_proj.proj.bias": torch.zeros(4 * WIDTH),
        "image_proj.norm.weight": torch.ones(WIDTH),
        "image_proj.norm.bias": torch.zeros(WIDTH),
    }
    layers = dict(unet.named_modules())
    for place, name in enumerate(unet.attn_processors):
        if name.endswith("attn2.processor"):
            rows = layers[name.removesuffix(".processor")].to_k.weight.shape[0]
            for letter in "kv":
                tensors[f"ip_adapter.{place}.to_{letter}_ip.weight"] = torch.randn(rows, WIDTH)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    return path


def build_tiny_clip(folder: Path) -> Path:
    """A CLIP of both kinds, pictures and words, that ranks by chance, and always the same."""
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(4)
    text = _text_encoder().config.to_dict()
    CLIPModel(CLIPConfig(text_config=text, vision_config=_vision().to_dict(), projection_dim=WIDTH)).save_pretrained(
        folder
    )
    letter_tokenizer().save_pretrained(folder)
    return folder


def _vision() -> Any:
    from transformers import CLIPVisionConfig

    return CLIPVisionConfig(
        hidden_size=WIDTH,
        projection_dim=WIDTH,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=32,
        patch_size=8,
    )
