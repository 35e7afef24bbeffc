"""The rules of a kiosk as model choices: whose rules of privacy hold, and where it stands."""

from django.utils.translation import gettext_lazy as _

from garden.privacy.packs import PackName, SiteContext

PRIVACY_PACKS = [
    (PackName.OPEN.value, _("open: asks for no consent")),
    (PackName.EU.value, _("European Union")),
    (PackName.KOREA.value, _("Korea")),
    (PackName.JAPAN.value, _("Japan")),
    (PackName.ILLINOIS.value, _("Illinois (USA)")),
    (PackName.STRICT.value, _("strict: the most of each")),
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
