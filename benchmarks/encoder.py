"""What the picture encoder costs a worker, picture by picture on one thread; the aim is at most 30 ms.

    python -m benchmarks.encoder [--pictures 100]

Run `manage.py build_models` first. A file is a JPEG of 768 × 512: milliseconds of CPU to decode it, as all features
need, and to encode it.
"""

import argparse
import os
import time

import cv2
import django
import numpy as np

AIM_MS = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=100)
    pictures = parser.parse_args().pictures
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
    django.setup()
    from recommend.encoders import EfficientNetEncoder
    from recommend.features import decode_picture

    encoder, rng = EfficientNetEncoder(), np.random.default_rng(0)
    took = np.empty((pictures, 2))
    for number in range(-1, pictures):  # The first one loads the network.
        coarse = rng.integers(0, 256, (16, 24, 3), np.uint8)
        file = cv2.imencode(".jpg", cv2.resize(coarse, (768, 512), interpolation=cv2.INTER_CUBIC))[1].tobytes()
        times = [time.thread_time()]
        pixels = decode_picture(file, 512)
        assert pixels is not None
        times.append(time.thread_time())
        encoder.encode([pixels])
        times.append(time.thread_time())
        if number >= 0:
            took[number] = 1_000 * np.diff(times)
    for name, column in zip(("decode", "encode"), took.T, strict=True):
        print(f"{name}: {np.median(column):.1f} ms, p95 {np.percentile(column, 95):.1f}")
    print(f"encode p95 ≤ {AIM_MS:.0f} ms: {'reached' if np.percentile(took[:, 1], 95) <= AIM_MS else 'MISSED'}")


if __name__ == "__main__":
    main()
