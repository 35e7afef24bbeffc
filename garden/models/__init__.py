from garden.models.audit import AuditEntry
from garden.models.health import Alarm, DeviceHealth
from garden.models.image import Image, SouvenirLink
from garden.models.image_files import ImageFile, SetAsideMessage, Thumbnail
from garden.models.kiosk import Kiosk, KioskKey
from garden.models.mood import MoodSighting
from garden.models.privacy import Consent, ProcessingEntry, ProcessingHead, SentPhotos
from garden.models.visitor import GuessCount, Visitor
from garden.models.wall import Display, Hanging, Playlist, PlaylistPicture, ShowTime, WallChange, Zone

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
