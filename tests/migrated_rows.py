"""What migrations put into a new database, put there again: a test that really commits leaves an empty one."""

from importlib import import_module

from django.apps import apps

_gardens = import_module("curation.migrations.0002_gardens_and_groups")
_emotions = import_module("curation.migrations.0005_curators_name_emotions")
_walls = import_module("curation.migrations.0006_walls_and_fleet")
_templates = import_module("generation.migrations.0002_own_templates")


def put_back() -> None:
    """A garden of each emotion, the groups of staff, our own prompt templates."""
    modules = {config: config.models_module for config in apps.get_app_configs()}
    _gardens.make_gardens(apps, None)
    _gardens.make_groups(apps, None)
    _emotions.grant(apps, None)
    _walls.grant(apps, None)
    _templates.write(apps, None)
    for config, module in modules.items():
        config.models_module = module
