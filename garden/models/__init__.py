from garden.models.audit import AuditEntry
from garden.models.health import Alarm, DeviceHealth
from garden.models.image import Image, SouvenirLink
from garden.models.image_files import ImageFile, SetAsideMessage, Thumbnail
from garden.models.kiosk import Kiosk, KioskKey
from garden.models.privacy import Consent, ProcessingEntry, ProcessingHead, SentPhotos
from garden.models.visitor import GuessCount, Visitor
from garden.models.wall import Assignment, Display, Playlist, PlaylistPicture, ShowTime, WallChange, Zone

__all__ = [
    "Alarm",
    "Assignment",
    "AuditEntry",
    "Consent",
    "DeviceHealth",
    "Display",
    "GuessCount",
    "Image",
    "ImageFile",
    "Kiosk",
    "KioskKey",
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
