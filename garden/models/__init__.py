from garden.models.image import Image
from garden.models.kiosk import Kiosk, KioskKey
from garden.models.visitor import Visitor

__all__ = ["Image", "Kiosk", "KioskKey", "Visitor"]
