"""Code of workers. Its modules import torch: other modules import them inside functions only."""
