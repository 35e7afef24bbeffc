"""Every migration since a release against the rules."""

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from garden.upgrading.releases import is_newer
from garden.upgrading.rules import Broken, broken_rules
from garden.version import OURS


def migrations_since(release: dict[str, str]) -> list[Migration]:
    """In the order in which they are applied. No database is asked."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    newer = [node for node in plan if node[0] in OURS and is_newer(*node, release)]
    return [loader.graph.nodes[node] for node in newer]


def lint(release: dict[str, str]) -> list[Broken]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found: list[Broken] = []
    for migration in migrations_since(release):
        before = loader.project_state([(migration.app_label, migration.name)], at_end=False)
        found += broken_rules(migration, before)
    return found
