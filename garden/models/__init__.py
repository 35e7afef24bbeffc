from garden.models.image import Image
from garden.models.image_file import ImageFile
from garden.models.kiosk import Kiosk, KioskKey
from garden.models.message import SetAsideMessage
from garden.models.thumbnail import Thumbnail
from garden.models.visitor import Visitor

__all__ = ["Image", "ImageFile", "Kiosk", "KioskKey", "SetAsideMessage", "Thumbnail", "Visitor"]
