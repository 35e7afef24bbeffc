"""What a visitor takes home: a picture behind a short random address that names nobody."""
