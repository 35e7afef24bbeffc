"""Batches of retouches as curators and operators ask for them."""
