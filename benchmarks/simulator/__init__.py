"""A simulated garden: pictures, visitors with hidden tastes, noisy readings, and the recommenders that are compared."""
