"""The words that the scripts of the test pages say; `{mood}` and its like are filled in there."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS

TRY_WORDS: dict[str, Promise | str] = {
    **{f"mood_{emotion}": name for emotion, name in EMOTIONS},
    **{f"generation_{generation}": name for generation, name in GENERATIONS},
    **{f"gender_{gender}": name for gender, name in GENDERS},
    "yes": _("yes"),
    "no": _("no"),
    "answered": _("Answered {status} in {ms} ms"),
    "no_answer": _("The garden did not answer. Please check the connection."),
    "asking": _("Asking the garden …"),
    "no_face": _("No face was found in this photo."),
    "camera_off": _("No camera can be used here. Choose a photo instead."),
    "photo_broken": _("This photo cannot be opened."),
    "looks": _("Looks {mood}"),
    "none": _("No picture"),
    "like": _("Like picture {number}"),
    "score": _("score {score}"),
    "personalized": _("In this visitor's own order"),
    "not_personalized": _("Not in an order of their own: the recommender cannot answer now"),
    "liked": _("The like was heard."),
    "taken_back": _("The like was taken back."),
    "not_liked": _("The like was refused ({status})."),
}


def try_words() -> dict[str, dict[str, str]]:
    """In the language of the request, as `words.js` takes them."""
    words = {key: str(text) for key, text in TRY_WORDS.items()}
    return {get_language() or "en": words, "en": words}
