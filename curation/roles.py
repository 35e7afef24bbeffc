"""The four groups of staff and what each may do, applied after every `migrate`.

The groups belong to the product: their permissions are set to this table, so that an upgrade brings new ones. A site
that wants other rights makes a group of its own.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission

APPS = ("garden", "recommend", "generation", "curation")
PERSONAL = {
    *("garden.view_visitor", "garden.view_consent", "garden.view_processingentry"),
    *("garden.view_souvenirlink", "garden.view_kioskkey"),
    *("garden.view_webhook", "garden.view_webhookdelivery"),
    *("recommend.view_interaction", "recommend.view_slate", "recommend.view_outgoingevent"),
}
"""What visitors did, keys of devices, and secrets of webhooks: for operators."""
ACCOUNTS = {"generation.view_creditaccount", "generation.view_creditcharge"}
"""What members of staff spend: not for viewers."""
ADDED = {
    "viewer": (),
    "curator": (
        *("curation.decide", "curation.remove_images", "curation.restore_images"),
        *("curation.add_collection", "curation.change_collection", "curation.delete_collection"),
        *("garden.change_assignment", "garden.change_image"),
        *("generation.add_generationjob", "generation.change_generationjob", "generation.retouch"),
        *("generation.add_orderpreset", "generation.change_orderpreset", "generation.delete_orderpreset"),
        *("generation.add_retouchpreset", "generation.change_retouchpreset", "generation.delete_retouchpreset"),
    ),
    "publisher": (
        *("curation.publish_images", "curation.roll_back_release", "curation.settle_dispute"),
        "curation.change_garden",
        *("generation.add_prompttemplate", "generation.change_prompttemplate", "generation.delete_prompttemplate"),
        *("generation.add_tagword", "generation.change_tagword", "generation.delete_tagword"),
    ),
    "operator": (
        *("curation.import_data", "curation.purge_trash"),
        *("garden.add_kiosk", "garden.change_kiosk", "garden.delete_kiosk"),
        *("garden.add_kioskkey", "garden.change_kioskkey", "garden.delete_kioskkey"),
        *("garden.add_zone", "garden.change_zone", "garden.delete_zone"),
        *("garden.add_display", "garden.change_display", "garden.delete_display"),
        *("garden.add_playlist", "garden.change_playlist", "garden.delete_playlist"),
        *("garden.add_playlistpicture", "garden.change_playlistpicture", "garden.delete_playlistpicture"),
        *("garden.add_showtime", "garden.change_showtime", "garden.delete_showtime"),
        *("garden.change_devicehealth", "garden.read_audit_log"),
        *("garden.add_webhook", "garden.change_webhook", "garden.delete_webhook"),
        *("garden.delete_souvenirlink", "garden.delete_visitor"),
        *("generation.add_creditplan", "generation.change_creditplan", "generation.delete_creditplan"),
        *("generation.add_creditaccount", "generation.change_creditaccount"),
        *("generation.retouch_without_credits", "generation.switch_hosts"),
        "recommend.change_outgoingevent",
    ),
}
"""What each group may do beside seeing the lists, and beside what the group before it may do."""


def apply_roles(using: str = "default", **kwargs: Any) -> None:
    """Set the permissions of each group; a receiver of `post_migrate`."""
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using)
        .filter(content_type__app_label__in=APPS)
        .select_related("content_type")
    }
    for name, allowed in roles(permissions).items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(permissions[label] for label in allowed)


def roles(known: Iterable[str]) -> dict[str, set[str]]:
    """By group: its permissions among those that exist, as `app.codename`."""
    known = set(known)
    seen = {label for label in known if label.partition(".")[2].startswith("view_")}
    hidden = {"viewer": PERSONAL | ACCOUNTS, "curator": PERSONAL, "publisher": PERSONAL, "operator": set()}
    allowed: dict[str, set[str]] = {}
    added: set[str] = set()
    for name, more in ADDED.items():
        added |= known.intersection(more)
        allowed[name] = (seen - hidden[name]) | added
    return allowed
