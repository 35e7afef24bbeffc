"""A CLIP small enough to build in a test: the real classes, random weights."""

from pathlib import Path

SEES = 24
"""Width of what it says of a picture."""


def build_tiny_clip(folder: Path, *, seed: int = 0) -> Path:
    """A CLIP of 60 KB in `folder`, in the layout of the hub: its words and its eyes, safetensors only."""
    import torch
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel

    torch.manual_seed(seed)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    eyes = {**sizes, "image_size": 32, "patch_size": 8, "projection_dim": SEES}
    words = {**sizes, "vocab_size": 64, "projection_dim": SEES, "bos_token_id": 1, "eos_token_id": 2}
    model = CLIPModel(CLIPConfig(text_config=words, vision_config=eyes, projection_dim=SEES))
    model.save_pretrained(folder, safe_serialization=True)
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32).save_pretrained(folder)
    return folder
