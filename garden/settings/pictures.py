"""Making pictures: engines, the queue, GPU hosts, provenance."""

from pathlib import Path
from typing import Any

from garden.settings.env import env_bool, env_int, env_list, env_numbers, env_path, env_str

DATA_DIR = env_path("DATA_DIR", Path(__file__).resolve().parents[2] / "var")

# --- Engines --------------------------------------------------------------------------------------
GENERATION_ENGINES: dict[str, dict[str, Any]] = {
    "painter": {"BACKEND": "generation.engines.painter.PainterEngine", "OPTIONS": {}},
}
if DIFFUSERS_MODEL := env_str("DIFFUSERS_MODEL", ""):
    GENERATION_ENGINES["diffusers"] = {
        "BACKEND": "generation.engines.diffusers.DiffusersEngine",
        "OPTIONS": {"default_model": DIFFUSERS_MODEL},
    }
if SAGEMAKER_ENDPOINTS := env_list("SAGEMAKER_ENDPOINTS"):
    GENERATION_ENGINES["sagemaker"] = {
        "BACKEND": "generation.engines.sagemaker.SageMakerEngine",
        "OPTIONS": {
            "endpoints": SAGEMAKER_ENDPOINTS,
            "inpaint_endpoints": env_list("SAGEMAKER_INPAINT_ENDPOINTS"),
        },
    }
GENERATION_DEFAULT_ENGINE = env_str("GENERATION_DEFAULT_ENGINE", "painter")

# --- Queue ----------------------------------------------------------------------------------------
GENERATION_LEASE_SECONDS = env_int("GENERATION_LEASE_SECONDS", 60, minimum=1)
GENERATION_HEARTBEAT_SECONDS = env_int("GENERATION_HEARTBEAT_SECONDS", 2, minimum=1)
GENERATION_MAX_ATTEMPTS = env_int("GENERATION_MAX_ATTEMPTS", 3, minimum=1)
GENERATION_TASK_SECONDS = env_int("GENERATION_TASK_SECONDS", 60, minimum=1)
GENERATION_UNLOAD_SECONDS = env_int("GENERATION_UNLOAD_SECONDS", 600, minimum=1)
TEXT2IMAGE_WAIT_SECONDS = env_int("TEXT2IMAGE_WAIT_SECONDS", 25)
RENDER_WAIT_SECONDS = env_int("RENDER_WAIT_SECONDS", 30)
PICTURE_WAITS = env_int("PICTURE_WAITS", 16, minimum=1)
PICTURE_WAITS_PER_USER = env_int("PICTURE_WAITS_PER_USER", 4, minimum=1)

# --- Tags -----------------------------------------------------------------------------------------
PICTURE_TAGGER: dict[str, Any] = {"BACKEND": "generation.tagging.record.RecordTagger", "OPTIONS": {}}
if CLIP_MODEL := env_str("CLIP_MODEL", ""):
    PICTURE_TAGGER = {"BACKEND": "generation.tagging.clip.ClipTagger", "OPTIONS": {"model": CLIP_MODEL}}

# --- Retouching -----------------------------------------------------------------------------------
RETOUCH_CANVAS_DAYS = env_int("RETOUCH_CANVAS_DAYS", 365)
RETOUCH_PRICES = env_numbers("RETOUCH_PRICES", most=1_000)

# --- GPU hosts ------------------------------------------------------------------------------------
_GPU_HOSTS = env_list("GPU_HOST_INSTANCES")
GPU_HOST_CONTROLLER: dict[str, Any] = {
    "BACKEND": env_str("GPU_HOST_CONTROLLER", "generation.hosts.none.NoHostController"),
    "OPTIONS": {"instances": _GPU_HOSTS} if _GPU_HOSTS else {},
}
GPU_HOST_ENGINES = env_list("GPU_HOST_ENGINES", "diffusers")
GPU_HOST_IDLE_MINUTES = env_int("GPU_HOST_IDLE_MINUTES", 15, minimum=1)

# --- Provenance -----------------------------------------------------------------------------------
PROVENANCE_SIGNING = env_bool("PROVENANCE_SIGNING", True)
PROVENANCE_KEY = env_path("PROVENANCE_KEY", DATA_DIR / "signing" / "site.pem")
