"""Private servers for tests: each on a free port, in a folder of its own, gone afterwards."""
