from garden.models.audit import AuditEntry
from garden.models.consent import Consent
from garden.models.correction import GuessCount
from garden.models.display import Display, Hanging, WallChange, Zone
from garden.models.health import Alarm, DeviceHealth
from garden.models.image import Image
from garden.models.image_file import ImageFile
from garden.models.kiosk import Kiosk
from garden.models.kiosk_key import KioskKey
from garden.models.message import SetAsideMessage
from garden.models.mood import MoodSighting
from garden.models.playlist import Playlist, PlaylistPicture, ShowTime
from garden.models.processing import ProcessingEntry, ProcessingHead
from garden.models.sent_photos import SentPhotos
from garden.models.souvenir_link import SouvenirLink
from garden.models.thumbnail import Thumbnail
from garden.models.visitor import Visitor

__all__ = [
    "Alarm",
    "AuditEntry",
    "Consent",
    "DeviceHealth",
    "Display",
    "GuessCount",
    "Hanging",
    "Image",
    "ImageFile",
    "Kiosk",
    "KioskKey",
    "MoodSighting",
    "Playlist",
    "PlaylistPicture",
    "ProcessingEntry",
    "ProcessingHead",
    "SentPhotos",
    "SetAsideMessage",
    "ShowTime",
    "SouvenirLink",
    "Thumbnail",
    "Visitor",
    "WallChange",
    "Zone",
]
