"""Making pictures in bulk, as curators do it: what they choose, and what it comes to."""
