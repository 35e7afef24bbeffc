"""Reading faces: bounds on a photo, and who reads it."""

from typing import Any

from garden.settings.env import env_choice, env_int, env_number, env_path, env_str
from garden.settings.pictures import DATA_DIR

PHOTO_MAX_BYTES = env_int("PHOTO_MAX_BYTES", 5_000_000, minimum=1)
PHOTO_MAX_PIXELS = env_int("PHOTO_MAX_PIXELS", 25_000_000, minimum=1)
FACE_READING_SECONDS = env_int("FACE_READING_SECONDS", 15, minimum=1)

# --- The analyzers that come with the garden, and their options -----------------------------------
_LOCAL = "garden.emotion.local.LocalAnalyzer"
_OPTIONS: dict[str, dict[str, Any]] = {
    _LOCAL: {"models": env_path("FACE_MODELS", DATA_DIR / "models" / "face")},
    "garden.emotion.rekognition.RekognitionAnalyzer": {
        "region": env_str("REKOGNITION_REGION", ""),
        "endpoint_url": env_str("REKOGNITION_ENDPOINT_URL", ""),
        "read_timeout": env_number("REKOGNITION_TIMEOUT_SECONDS", 4.0, above=0),
        "attempts": env_int("REKOGNITION_ATTEMPTS", 2, minimum=1),
        "retry_mode": env_choice("REKOGNITION_RETRY_MODE", ("standard", "adaptive"), "standard"),
        "price": env_number("REKOGNITION_PRICE", 1.0),
        "daily_budget": env_number("REKOGNITION_DAILY_BUDGET", 0.0),
        "frames": env_int("REKOGNITION_FRAMES", 1, minimum=1),
    },
}
_backend = env_str("FACE_ANALYZER", _LOCAL)
FACE_ANALYZER: dict[str, Any] = {"BACKEND": _backend, "OPTIONS": _OPTIONS.get(_backend, {})}
