"""The test suite. Its processes share the machine, and start hundreds of others."""

import os

for name in ("OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):  # More threads than processors wait for each other.
    os.environ.setdefault(name, "1")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Each of those processes would compile the project for itself.
