"""The garden in Django admin: a module for each subject."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import APIKey

from garden.admin import images, kiosks, people, visitors, walls, webhooks

__all__ = ["images", "kiosks", "people", "visitors", "walls", "webhooks"]

admin.site.site_header = admin.site.site_title = _("Emotion Garden")
# The package's own key model is not used: a kiosk's key belongs to its kiosk.
admin.site.unregister(APIKey)
