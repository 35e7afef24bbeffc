"""The garden itself: what visitors meet, and the Django project package."""

import gc
import os

# Before anything imports numpy: the matrices here are small, and threads that wait for each other take ten times
# as long as one; with one, the same sums come in the same order in every process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Python looks for garbage after every 700 new objects, a quarter of the time that the imports take.
gc.set_threshold(50_000)
