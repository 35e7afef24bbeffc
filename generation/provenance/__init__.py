"""What a picture says of itself: who made it, how and when, readable by anyone and signed by the site."""
