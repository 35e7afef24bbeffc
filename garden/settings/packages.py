"""Files of npm packages that pages need: each under its package's version, so that browsers may keep it for good."""

import json
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = _ROOT / "node_modules"
_VERSIONS: dict[str, str] = json.loads((_ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]

HUMAN = f"vendor/human/{_VERSIONS['@vladmandic/human']}"
TFJS_WASM = f"vendor/tfjs-wasm/{_VERSIONS['@tensorflow/tfjs-backend-wasm']}"
_FRAMING, _READING = ("blazeface",), ("facemesh", "faceres", "emotion")
_MODELS = tuple(f"{name}.{part}" for name in (*_FRAMING, *_READING) for part in ("json", "bin"))

STATICFILES_PACKAGES: dict[str, tuple[Path, tuple[str, ...]]] = {
    HUMAN: (_PACKAGES / "@vladmandic/human/dist", ("human.esm.js", "human.esm.js.map")),
    f"{HUMAN}/models": (_PACKAGES / "@vladmandic/human/models", _MODELS),
    TFJS_WASM: (
        _PACKAGES / "@tensorflow/tfjs-backend-wasm/dist",
        ("tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"),
    ),
    "vendor/chart": (_PACKAGES / "chart.js/dist", ("chart.umd.min.js", "chart.umd.min.js.map")),
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\.[^/]+$|/vendor/(human|tfjs-wasm)/\d[^/]*/"
"""Names with a hash of what is in them, and files of one version of a package."""
