from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _


class CurationConfig(AppConfig):
    name = "curation"
    verbose_name = _("Curation")

    def ready(self) -> None:
        from curation import checks  # noqa: F401
        from curation.claims import keys_of_open_acts, purged_keys
        from curation.filter_values import IdConverter
        from curation.likeness.receiving import note_likeness
        from garden.signals import keys_in_work, picture_decoded, retired_keys

        register_converter(IdConverter, "id")
        keys_in_work.connect(keys_of_open_acts)
        retired_keys.connect(purged_keys)
        picture_decoded.connect(note_likeness)
