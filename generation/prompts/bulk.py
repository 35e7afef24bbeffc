"""The prompt of a bulk picture."""

STYLE = "flowers, garden, painterly light"
"""What stands at the end of a prompt unless somebody wants something else."""


def bulk_prompt(emotion_text: str, favorite: str = "", others: str = "") -> str:
    """`emotionText[, favorite][, others]`: parts that are empty or only spaces are left out."""
    parts = (part.strip() for part in (emotion_text, favorite, others))
    return ", ".join(part for part in parts if part)
