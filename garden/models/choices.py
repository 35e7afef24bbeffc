"""The vocabulary as model choices, with names a reader of each language knows."""

from django.utils.translation import gettext_lazy as _

from garden.vocabulary import Emotion, Gender, Generation, Orientation, Reader

EMOTIONS = [
    (Emotion.HAPPY.value, _("happy")),
    (Emotion.SURPRISED.value, _("surprised")),
    (Emotion.CALM.value, _("calm")),
    (Emotion.ANGRY.value, _("angry")),
    (Emotion.FEAR.value, _("afraid")),
    (Emotion.CONFUSED.value, _("confused")),
    (Emotion.DISGUSTED.value, _("disgusted")),
    (Emotion.SAD.value, _("sad")),
]
GENERATIONS = [
    (Generation.TODDLER.value, _("toddler")),
    (Generation.CHILD.value, _("child")),
    (Generation.TEENAGER.value, _("teenager")),
    (Generation.YOUNG_ADULT.value, _("young adult")),
    (Generation.ADULT.value, _("adult")),
    (Generation.MIDDLE_AGE.value, _("middle age")),
    (Generation.ELDER.value, _("elder")),
]
GENDERS = [(Gender.MALE.value, _("male")), (Gender.FEMALE.value, _("female"))]
ORIENTATIONS = [(Orientation.LANDSCAPE.value, _("landscape")), (Orientation.PORTRAIT.value, _("portrait"))]
READERS = [
    (Reader.SERVER.value, _("the garden's server")),
    (Reader.IN_BROWSER.value, _("the kiosk itself, in its browser")),
]
