"""The garden in Django admin: a file for each family of models."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import APIKey

from garden.admin.audit import AuditEntryAdmin
from garden.admin.counts import GuessCountAdmin, MoodSightingAdmin, SentPhotosAdmin
from garden.admin.displays import DisplayAdmin
from garden.admin.files import ImageFileAdmin, SetAsideMessageAdmin
from garden.admin.filters import WrittenValuesFilter
from garden.admin.fleet import AlarmAdmin, AlarmNoticeAdmin, DeviceHealthAdmin
from garden.admin.images import ImageAdmin
from garden.admin.inside import ProcessingHeadAdmin, PulseAdmin, WatchRoundAdmin
from garden.admin.kiosks import KioskAdmin, KioskKeyAdmin
from garden.admin.people import AuditedGroupAdmin, StaffAdmin
from garden.admin.privacy import ConsentAdmin, ProcessingEntryAdmin
from garden.admin.programme import PlaylistPictureAdmin, ShowTimeAdmin
from garden.admin.souvenirs import SouvenirLinkAdmin
from garden.admin.thumbnails import ThumbnailAdmin
from garden.admin.visitors import VisitorAdmin
from garden.admin.walls import HangingAdmin, PlaylistAdmin, WallChangeAdmin, ZoneAdmin

__all__ = [
    "AlarmAdmin",
    "AlarmNoticeAdmin",
    "AuditEntryAdmin",
    "AuditedGroupAdmin",
    "ConsentAdmin",
    "DeviceHealthAdmin",
    "DisplayAdmin",
    "GuessCountAdmin",
    "HangingAdmin",
    "ImageAdmin",
    "ImageFileAdmin",
    "KioskAdmin",
    "KioskKeyAdmin",
    "MoodSightingAdmin",
    "PlaylistAdmin",
    "PlaylistPictureAdmin",
    "ProcessingEntryAdmin",
    "ProcessingHeadAdmin",
    "PulseAdmin",
    "SentPhotosAdmin",
    "SetAsideMessageAdmin",
    "ShowTimeAdmin",
    "SouvenirLinkAdmin",
    "StaffAdmin",
    "ThumbnailAdmin",
    "VisitorAdmin",
    "WallChangeAdmin",
    "WatchRoundAdmin",
    "WrittenValuesFilter",
    "ZoneAdmin",
]

admin.site.site_header = admin.site.site_title = _("Emotion Garden")
# The package's own keys open nothing here: a kiosk's key belongs to its kiosk.
admin.site.unregister(APIKey)
