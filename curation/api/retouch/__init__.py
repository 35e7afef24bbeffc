"""The retouch studio and its batches over REST."""
