"""The wire contract of the seeds: their pages and programs speak to these routes."""
