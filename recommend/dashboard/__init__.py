"""How well the garden chooses, for curators: sums kept by a worker, figures, a page."""
