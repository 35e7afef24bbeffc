"""Which models a backup holds: all of the project's own, so that a new one is never forgotten."""

from collections.abc import Collection
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from garden.archive.rows.naming import NAMES

ACCOUNTS = ("auth.Group", "auth.User")
"""Known by their names, with what they may do."""
CHOICES = {"visitors": ("garden.Visitor",), "interactions": ("recommend.Interaction", "recommend.Slate")}
"""What a backup can leave out."""
EXCEPTIONS = {
    "garden.Thumbnail": "small copies are made anew",
    "garden.ImageFile": "what a file was in the storage it came from; sync_storage reads it anew",
    "garden.MoodSighting": "moods of the last two hours",
    "garden.DeviceHealth": "what devices last said; they speak again",
    "garden.Pulse": "when workers were last heard",
    "garden.WatchRound": "when the devices were looked at, of the last minutes",
    "garden.AlarmNotice": "what was to be told at that moment",
    "garden.RateCount": "how often somebody asked in the last minutes",
    "generation.Worker": "who is at work at this moment",
    "curation.Figures": "sums, computed anew",
    "admin.LogEntry": "the admin's own notes; acts and decisions are the history",
    "auth.Permission": "made by migrate",
    "auth.Group_permissions": "within each group",
    "auth.User_groups": "within each account",
    "auth.User_user_permissions": "within each account",
    "authtoken.Token": "a secret in plain text: made anew",
    "authtoken.TokenProxy": "a secret in plain text: made anew",
    "axes.AccessAttempt": "wrong passwords of the last minutes",
    "axes.AccessAttemptExpiration": "when those are forgotten",
    "axes.AccessFailureLog": "not kept: the audit trail has it",
    "axes.AccessLog": "not kept: the audit trail has it",
    "otp_static.StaticDevice": "set up anew at the next sign-in",
    "otp_static.StaticToken": "set up anew at the next sign-in",
    "otp_totp.TOTPDevice": "a secret in plain text: set up anew at the next sign-in",
    "contenttypes.ContentType": "made by migrate",
    "rest_framework_api_key.APIKey": "not used: kiosks have keys of their own",
    "sessions.Session": "everyone signs in again",
}
"""Models that no backup holds, and why."""


def own_models() -> list[type[Model]]:
    """Every model with a table of the project's apps, also those it does not hold, ordered by name."""
    configs = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    found = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return sorted((model for model in found if _has_table(model)), key=lambda model: model._meta.label)


def backed_up_models(left_out: Collection[str] = ()) -> list[type[Model]]:
    """Without what was left out by choice, and without what cannot stand without it."""
    gone = {label for choice in left_out for label in CHOICES[choice]}
    models = [model for model in own_models() if model._meta.label not in EXCEPTIONS]
    while falling := [model for model in models if model._meta.label in gone or _needs(model, gone)]:
        gone |= {model._meta.label for model in falling}
        models = [model for model in models if model not in falling]
    return models


def columns_of(model: type[Model]) -> "list[Field[object, object]]":
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def name_of(field: "Field[object, object]") -> str:
    """What a column is called in a line: what is known by a name goes without its `_id`."""
    target = target_of(field)
    return field.name if target is not None and target._meta.label in NAMES else field.attname


def target_of(field: "Field[object, object]") -> type[Model] | None:
    """The model that a foreign key speaks of."""
    remote = field.remote_field
    return remote.model if remote is not None and isinstance(remote.model, type) else None


def _has_table(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and not model._meta.swapped


def _needs(model: type[Model], gone: Collection[str]) -> bool:
    targets = [target_of(field) for field in columns_of(model) if not field.null]
    return any(target is not None and target._meta.label in gone for target in targets)
