"""Settings: `local` (embedded defaults), `production`, `test`. Every entry: docs/reference/settings.md."""
