"""What backups hold: which models, which files, of which migrations."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model

from garden.backup.places import RefusedBackupError
from garden.ops.health import missing_migrations
from garden.ops.version import applied_migrations

LEFT_OUT = {
    "derived": "made again from the pictures (make_thumbnails)",
    "profile": "photos of visitors, which the seeds kept and this site does not",
    "dataset": "lists for Personalize, made again from the rows",
}
"""Folders of a storage that no backup holds, and why; folders that begin with a dot are of those who write there."""
CHOICES = {
    "visitors": {"garden.Visitor", "recommend.OutgoingEvent"},
    "interactions": {"recommend.Interaction", "recommend.Slate"},
}
"""What a backup can leave out, with what cannot stand without it."""
EXCEPTIONS = {
    "garden.ImageFile": "the file in the storage it came from; sync_storage reads it again",
    "garden.DeviceHealth": "what devices reported last; they report again",
    "garden.Webhook": "its secret stays on the site; operators add it again",
    "garden.WebhookDelivery": "events of the last days, for these webhooks",
    "generation.Worker": "who is at work at this moment",
}
"""Models of the project that no backup holds, and why."""
HARMLESS = {
    "curation.Garden",
    "garden.AuditEntry",
    "garden.Zone",
    "generation.CreditPlan",
    "generation.PromptTemplate",
    "generation.TagWord",
    "recommend.Ledger",
}
"""Rows of these are written by migrations and commands: a site with only these is not in use."""


def own_models() -> list[type[Model]]:
    """Every model with a table of the project's apps, also those that no backup holds, ordered by name."""
    configs = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    models = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return sorted(
        (model for model in models if model._meta.managed and not model._meta.proxy),
        key=lambda model: model._meta.label,
    )


def backed_up_models(left_out: Collection[str] = ()) -> list[type[Model]]:
    gone = EXCEPTIONS.keys() | labels_of(left_out)
    return [model for model in own_models() if model._meta.label not in gone]


def labels_of(left_out: Collection[str]) -> set[str]:
    return {label for choice in left_out for label in CHOICES[choice]}


def fields_of(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def target_of(field: "Field[Any, Any]") -> str:
    """The label of the model that a foreign key points to; empty for any other field."""
    model = field.related_model
    return model._meta.label if isinstance(model, type) else ""


def refuse_other_version(made_with: dict[str, list[str]]) -> None:
    """Raises RefusedBackupError that names the apps and migrations."""
    here, none = applied_migrations(), ["nothing"]
    differences = [
        f"{app}: the backup is at {made_with.get(app, none)[-1]}, this site at {here.get(app, none)[-1]}"
        for app in sorted(made_with | here)
        if made_with.get(app) != here.get(app)
    ]
    if differences:
        raise RefusedBackupError(
            "The backup was made by another version. Restore it with the version that made it, then migrate "
            f"({'; '.join(differences)}).",
            migrations=differences,
        )


def refuse_unmigrated() -> None:
    """Raises RefusedBackupError where tables are behind the program."""
    if missing := missing_migrations():
        raise RefusedBackupError(f"Run migrate first: {', '.join(missing)}.", migrations=missing)
