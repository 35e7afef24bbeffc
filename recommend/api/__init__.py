"""The REST routes of gardens and likes."""
