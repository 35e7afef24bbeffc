"""What no site runs: it builds the site's files, rehearses, or serves tests and benchmarks."""
