from garden.models.display import Display, Hanging, WallChange, Zone
from garden.models.health import Alarm, DeviceHealth
from garden.models.image import Image
from garden.models.image_file import ImageFile
from garden.models.kiosk import Kiosk, KioskKey
from garden.models.message import SetAsideMessage
from garden.models.mood import MoodSighting
from garden.models.notice import AlarmNotice, WatchRound
from garden.models.playlist import Playlist, PlaylistPicture, ShowTime
from garden.models.souvenir_link import SouvenirLink
from garden.models.thumbnail import Thumbnail
from garden.models.visitor import Visitor

__all__ = [
    "Alarm",
    "AlarmNotice",
    "DeviceHealth",
    "Display",
    "Hanging",
    "Image",
    "ImageFile",
    "Kiosk",
    "KioskKey",
    "MoodSighting",
    "Playlist",
    "PlaylistPicture",
    "SetAsideMessage",
    "ShowTime",
    "SouvenirLink",
    "Thumbnail",
    "Visitor",
    "WallChange",
    "WatchRound",
    "Zone",
]
