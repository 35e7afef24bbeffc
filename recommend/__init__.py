"""Which images a visitor sees, and what we learn from it."""
