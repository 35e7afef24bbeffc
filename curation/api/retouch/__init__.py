"""Routes of the retouch studio."""
