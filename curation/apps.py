from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CurationConfig(AppConfig):
    name = "curation"
    verbose_name = _("Curation")

    def ready(self) -> None:
        from curation import checks  # noqa: F401
        from curation.claims import keys_of_open_acts, purged_keys
        from curation.likeness.receiving import note_likeness
        from garden.signals import keys_in_work, picture_decoded, retired_keys

        keys_in_work.connect(keys_of_open_acts)
        retired_keys.connect(purged_keys)
        picture_decoded.connect(note_likeness)
