from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _


class CurationConfig(AppConfig):
    name = "curation"
    verbose_name = _("Curation")

    def ready(self) -> None:
        from curation import checks  # noqa: F401
        from curation.filter_values import IdConverter
        from curation.receivers import fingerprint_picture, keys_of_open_acts, purged_keys
        from curation.roles import apply_roles
        from garden.signals import keys_in_work, picture_decoded, retired_keys

        register_converter(IdConverter, "id")
        keys_in_work.connect(keys_of_open_acts)
        retired_keys.connect(purged_keys)
        picture_decoded.connect(fingerprint_picture)
        # Permissions of every app exist once the signal of `auth`, the last of them, is sent.
        post_migrate.connect(apply_roles, sender=apps.get_app_config("auth"))
