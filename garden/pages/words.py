"""All texts of the kiosk page in every language, so that a visitor can switch during a visit."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import EMOTIONS
from garden.vocabulary import Emotion

FAVORITES: dict[str, Promise | str] = {
    "cat": _("cat"),
    "dog": _("dog"),
    "bird": _("bird"),
    "rabbit": _("rabbit"),
    "butterfly": _("butterfly"),
    "fish": _("fish"),
    "deer": _("deer"),
    "fox": _("fox"),
    "owl": _("owl"),
    "turtle": _("turtle"),
    "bee": _("bee"),
    "horse": _("horse"),
    "duck": _("duck"),
    "squirrel": _("squirrel"),
    "hedgehog": _("hedgehog"),
    "elephant": _("elephant"),
    "frog": _("frog"),
    "bear": _("bear"),
    "spring": _("spring"),
    "summer": _("summer"),
    "autumn": _("autumn"),
    "winter": _("winter"),
    "sunny": _("sunny"),
    "cloudy": _("cloudy"),
    "rain": _("rain"),
    "rainy": _("rain"),
    "snow": _("snow"),
    "snowy": _("snow"),
    "fog": _("fog"),
    "foggy": _("fog"),
    "storm": _("storm"),
    "windy": _("windy"),
    "dawn": _("dawn"),
    "morning": _("morning"),
    "day": _("daytime"),
    "sunset": _("sunset"),
    "evening": _("evening"),
    "night": _("night"),
}


@dataclass(frozen=True, slots=True)
class MoodWords:
    emotion: str
    name: Promise | str
    flower: Promise | str
    glyph: str


_FLOWERS: dict[str, tuple[Promise | str, str]] = {
    Emotion.HAPPY: (_("sunflower"), "sunflower"),
    Emotion.SURPRISED: (_("camellia"), "camellia"),
    Emotion.CALM: (_("lotus"), "lotus"),
    Emotion.ANGRY: (_("poppy"), "poppy"),
    Emotion.FEAR: (_("night iris"), "iris"),
    Emotion.CONFUSED: (_("passion flower"), "passion-flower"),
    Emotion.DISGUSTED: (_("moss bloom"), "moss-bloom"),
    Emotion.SAD: (_("bluebell"), "bluebell"),
}

MOODS: tuple[MoodWords, ...] = tuple(
    MoodWords(emotion, name, flower, f"garden/glyphs/{glyph}.svg")
    for emotion, name in EMOTIONS
    for flower, glyph in [_FLOWERS[emotion]]
)
MOOD_OF: dict[str, MoodWords] = {mood.emotion: mood for mood in MOODS}


WORDS: dict[str, Promise | str] = {
    "page_title": _("Emotion Garden"),
    "back": _("Back"),
    "stop": pgettext_lazy("visit", "Stop"),
    "language": _("Language"),
    "attract_title": _("What grows from your mood?"),
    "attract_begin": _("Touch anywhere to begin"),
    "consent_title": _("May we look at your face?"),
    "consent_about": _("How well are faces read?"),
    "consent_camera": _("With camera"),
    "consent_camera_hint": _("I show my face"),
    "consent_wheel": _("Without camera"),
    "consent_wheel_hint": _("I choose my mood"),
    "look_title": _("Look in here"),
    "look_now": _("Take the photo now"),
    "look_upload": _("Use a photo"),
    "look_wheel": _("Choose my mood myself"),
    "look_video": _("You, as the camera sees you"),
    "hint_starting": _("The camera is waking up …"),
    "hint_nobody": _("I can't see your face yet."),
    "hint_closer": _("Come a little closer."),
    "hint_farther": _("Step back a little."),
    "hint_middle": _("Move to the middle of the ring."),
    "hint_straight": _("Look straight at me."),
    "hint_brighter": _("A little more light on your face, please."),
    "hint_darker": _("A little less light on your face, please."),
    "hint_hold": _("Lovely. Hold still …"),
    "hint_plain": _("Look into the camera, then press the button."),
    "hint_reading": _("Reading your expression …"),
    "hint_no_face": _("I can't see your face yet. Let's try once more."),
    "better_several": _("One at a time, please."),
    "better_covered": _("Please let me see your whole face."),
    "better_tilted": _("Please hold your head upright."),
    "better_turned": _("Please look this way."),
    "better_blurred": _("Please hold still for a moment."),
    "better_picture": _("Please show yourself, not a picture."),
    "photo_unclear": _(
        "I can't see the face in this photo well enough. Please try another one, or choose your mood yourself."
    ),
    "photo_several": _("There are several people in this photo. Please try another one, or choose your mood yourself."),
    "photo_small": _("The face in this photo is too small. Please try another one, or choose your mood yourself."),
    "photo_dark": _("This photo is too dark. Please try another one, or choose your mood yourself."),
    "photo_bright": _("This photo is too bright. Please try another one, or choose your mood yourself."),
    "photo_blurred": _("This photo is blurred. Please try another one, or choose your mood yourself."),
    "photo_tilted": _("The face in this photo is not upright. Please try another one, or choose your mood yourself."),
    "photo_turned": _("The face in this photo looks away. Please try another one, or choose your mood yourself."),
    "photo_covered": _(
        "The face in this photo is partly covered. Please try another one, or choose your mood yourself."
    ),
    "photo_picture": _("This seems to be a drawing. Please try a photo of yourself, or choose your mood yourself."),
    "wheel_unseen": _("I could not see your face well enough to guess. Please touch the flower that fits."),
    "photo_no_face": _("I can't find a face in this photo. Please try another one, or choose your mood yourself."),
    "camera_denied": _("The camera is switched off for this page. Use a photo, or choose your mood yourself."),
    "camera_missing": _("There is no camera here. Use a photo, or choose your mood yourself."),
    "camera_busy": _("Another program is using the camera. Use a photo, or choose your mood yourself."),
    "trouble_photo": _("This photo can't be opened. Please try another one, or choose your mood yourself."),
    "trouble_large": _("This photo is too large. Please try a smaller one, or choose your mood yourself."),
    "trouble_unavailable": _("The garden can't read faces right now. Please choose your mood yourself."),
    "trouble_busy": _("Many visitors are here at once. Please wait a moment, then try again."),
    "trouble_access": _("This screen is not set up yet. Please tell a member of staff."),
    "trouble_network": _("The garden can't be reached. Please check the connection, or try again in a moment."),
    "trouble_server": _("Server error. It was logged for the staff. Please try again."),
    "try_again": _("Try again"),
    "look_happy": _("You look happy."),
    "look_surprised": _("You look surprised."),
    "look_calm": _("You look calm."),
    "look_angry": _("You look angry."),
    "look_fear": _("You look afraid."),
    "look_confused": _("You look confused."),
    "look_disgusted": _("You look disgusted."),
    "look_sad": _("You look sad."),
    "question_ask": _("Is that how you feel?"),
    "question_guess": _("It is only a guess. You know best."),
    "question_other": _("Something else"),
    "wheel_title": _("How do you feel?"),
    "wheel_hint": _("Touch the flower that fits."),
    "garden_happy": _("A garden for happiness"),
    "garden_surprised": _("A garden for surprise"),
    "garden_calm": _("A garden for calm"),
    "garden_angry": _("A garden for anger"),
    "garden_fear": _("A garden for fear"),
    "garden_confused": _("A garden for confusion"),
    "garden_disgusted": _("A garden for disgust"),
    "garden_sad": _("A garden for sadness"),
    "garden_growing": _("Your garden is growing …"),
    "garden_hint": _("Touch the pictures you like."),
    "garden_liked": _("It blooms for you."),
    "garden_empty": _("Nothing has bloomed for this mood yet. Please choose another one."),
    "garden_other": _("Choose another mood"),
    "garden_next": _("Next"),
    "garden_gift": _("Take it with you"),
    "garden_shown": _("Pictures {first} to {last} of {count}"),
    "picture_alt": _("Garden picture {number}: {mood}"),
    "picture_like": _("I like picture {number}"),
    "picture_dislike": _("Picture {number} is not for me"),
    "favorites": _("What should be in it?"),
    "favorite_all": _("Everything"),
    "grow_begin": _("Grow one for me"),
    "grow_title": _("It grows for you"),
    "grow_growing": _("This picture has never existed before."),
    "grow_waiting": _("Pictures that grow before yours: {count}"),
    "grow_done": _("Nobody has seen it before you. Do you like it?"),
    "grow_kept": _("Thank you. The staff will look at it before others see it."),
    "grow_again": _("Grow another one"),
    "grow_back": _("Back to the garden"),
    "grow_sorry": _("It could not grow just now. These bloom for you instead."),
    "gift_title": _("Take it with you"),
    "gift_hint": _("Point your phone's camera at this code."),
    "gift_wall": _("Send to the wall"),
    "gift_wall_ask": _("Which pictures shall bloom on the wall?"),
    "gift_wall_ask_named": _("Which pictures shall bloom on the wall “{wall}”?"),
    "gift_wall_most": _("Choose up to three."),
    "gift_wall_sending": _("On their way to the wall …"),
    "gift_wall_sent": _("It blooms on the wall. See the wall!"),
    "gift_wall_sent_named": _("It blooms on the wall “{wall}”. See the wall!"),
    "gift_wall_trouble": _("The wall does not answer. Please try again in a moment."),
    "gift_wall_choose": _("Choose picture {number} for the wall"),
    "gift_wall_hangs": _("Picture {number} is on the wall"),
    "gift_code_trouble": _("The code can't be fetched right now."),
    "gift_code": _("QR code of your picture's page"),
    "gift_picture": _("The picture you liked"),
    "gift_made": _("Made by a computer program or AI, on the theme of this mood."),
    "gift_no_phone": _("Photograph this screen to take the picture with you."),
    "gift_save": _("Keep the picture"),
    "gift_open": _("Open the picture here"),
    "gift_more": _("More pictures"),
    "gift_done": _("I'm done"),
    "goodbye_title": _("Goodbye, and thank you."),
    "goodbye_body": _("Your mood and your pictures are erased from this screen. No photo is kept."),
    "goodbye_kept": _("What you liked helps the garden grow, without your name."),
    "goodbye_number": _("Your number"),
    "goodbye_number_use": _("With it, the staff find what is kept of this visit. Note it, or photograph it."),
    "goodbye_again": _("Begin again"),
    "idle_title": _("Are you still here?"),
    "idle_body": _("When the ring is empty, this screen forgets you."),
    "idle_stay": _("I'm still here"),
    "no_script": _("This page needs JavaScript. Please switch it on, then load the page again."),
    **{f"mood_{emotion}": name for emotion, name in EMOTIONS},
    **{f"favorite_{favorite}": name for favorite, name in FAVORITES.items()},
}


def words_in_every_language() -> dict[str, dict[str, str]]:
    every = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            every[language] = {key: str(text) for key, text in WORDS.items()}
    return every
