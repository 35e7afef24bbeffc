"""The wire contract of the seed applications."""
