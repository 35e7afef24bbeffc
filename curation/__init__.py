"""What curators see."""
