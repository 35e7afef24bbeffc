from garden.models.audit import AuditEntry
from garden.models.health import Alarm, DeviceHealth
from garden.models.image import Image, SouvenirLink
from garden.models.image_files import ImageFile
from garden.models.kiosk import Kiosk, KioskKey
from garden.models.privacy import Consent, DailyCount, ProcessingEntry, ProcessingHead
from garden.models.visitor import Visitor
from garden.models.wall import Assignment, Display, Playlist, PlaylistPicture, ShowTime, WallChange, Zone
from garden.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "Alarm",
    "Assignment",
    "AuditEntry",
    "Consent",
    "DailyCount",
    "DeviceHealth",
    "Display",
    "Image",
    "ImageFile",
    "Kiosk",
    "KioskKey",
    "Playlist",
    "PlaylistPicture",
    "ProcessingEntry",
    "ProcessingHead",
    "ShowTime",
    "SouvenirLink",
    "Visitor",
    "WallChange",
    "Webhook",
    "WebhookDelivery",
    "Zone",
]
