from garden.archive.places.base import Place, Seen
from garden.archive.places.disk import DiskPlace
from garden.archive.places.opening import bucket_place, place_at, site_place

__all__ = ["DiskPlace", "Place", "Seen", "bucket_place", "place_at", "site_place"]
