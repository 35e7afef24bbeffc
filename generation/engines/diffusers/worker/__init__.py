"""What runs where the pictures are made. Its modules import torch: nothing outside may import them at its top."""
