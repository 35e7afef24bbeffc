"""Making and changing pictures: engines, jobs, prompts."""
