"""The vocabulary and the rules of kiosks as model choices, with translated names."""

from django.utils.translation import gettext_lazy as _

from garden.privacy.packs import PackName, SiteContext
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


PRIVACY_PACKS = [
    (PackName.OPEN.value, _("open: asks for no consent")),
    (PackName.EU.value, _("European Union")),
    (PackName.KOREA.value, _("Korea")),
    (PackName.JAPAN.value, _("Japan")),
    (PackName.ILLINOIS.value, _("Illinois (USA)")),
    (PackName.STRICT.value, _("strict: the strictest of each")),
]
CONTEXTS = [
    (SiteContext.MUSEUM.value, _("a museum")),
    (SiteContext.EXHIBITION.value, _("an exhibition")),
    (SiteContext.EVENT.value, _("an event")),
    (SiteContext.SHOP.value, _("a shop")),
    (SiteContext.HOTEL.value, _("a hotel")),
    (SiteContext.PUBLIC_SPACE.value, _("a public space")),
    (SiteContext.WORKPLACE.value, _("a workplace: no face is read")),
    (SiteContext.SCHOOL.value, _("a school: no face is read")),
]
