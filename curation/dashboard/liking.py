"""What visitors like: by emotion, and the pictures they like best."""

from typing import Any

from curation.likes import likes_by_emotion, most_liked
from garden.models import Image

PICTURES = 20
LEAST_SHOWN = 10


def count_likes() -> dict[str, Any]:
    """Roll-up: `[emotion, shown, liked]`, and `[key, shown, liked]` of the best-liked pictures."""
    best = most_liked(PICTURES, LEAST_SHOWN)
    keys = dict(Image.objects.filter(pk__in=[image for image, _ in best]).values_list("pk", "key"))
    return {
        "emotions": [[emotion, likes.shown, likes.liked] for emotion, likes in sorted(likes_by_emotion().items())],
        "images": [[keys[image], likes.shown, likes.liked] for image, likes in best if image in keys],
    }
