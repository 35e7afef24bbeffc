"""Interactions from before the ledger was numbered keep their order and what they say."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(*targets: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == "garden"]
    return executor.loader.project_state([*targets, *others]).apps


@pytest.mark.django_db(transaction=True)
def test_old_rows_get_numbers_pseudonyms_contexts_and_looks() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = migrate(("recommend", "0001_initial"))
        _fill(old)
        new = migrate(("recommend", "0004_numbered"))
        rows = list(new.get_model("recommend", "Interaction").objects.order_by("sequence"))
        head = new.get_model("recommend", "Ledger").objects.get().head
    finally:
        migrate(*newest)
    a, b = rows[0].exposed
    assert ([row.sequence for row in rows], head) == ([1, 2, 3, 4], 4)
    assert rows[0].pseudonym == rows[2].pseudonym
    assert len({row.pseudonym for row in rows}) == 3
    assert [row.emotion for row in rows] == ["calm", "", "calm", ""]
    assert rows[0].looks == [{"look": 1, "images": [a, b], "positions": [1, 0], "liked": [a]}]
    assert rows[1].looks == [{"look": 2, "images": [b], "positions": [0], "liked": []}]
    assert rows[2].looks == [{"look": 1, "images": [a, b], "positions": [1, 0], "liked": []}]
    assert rows[3].looks == []


def _fill(apps: Any) -> None:
    """Ann likes a of (b, a) and takes it back; bob sees b; somebody forgotten saw what nobody knows."""
    make_image = apps.get_model("garden", "Image").objects.create
    described = {"orientation": "landscape", "state": "pool", "width": 1, "height": 1, "emotion": "calm"}
    a, b = (make_image(key=f"emotions/calm/{name}h.jpeg", content_hash=name, **described) for name in "ab")
    ann, bob = (apps.get_model("garden", "Visitor").objects.create(id=name) for name in ("ann", "bob"))
    say = apps.get_model("recommend", "Interaction").objects.create
    about = {"group": "unknown/unknown"}
    liked = {"image": a, "item_key": a.key, "impression": [b.key, a.key]}
    like = say(visitor=ann, kind="like", exposed=[a.pk, b.pk], **liked, **about)
    say(visitor=bob, kind="seen", impression=[b.key], exposed=[b.pk], **about)
    say(visitor=ann, kind="dislike", exposed=[], takes_back=like, taken_back_group="unknown/unknown", **liked, **about)
    say(visitor=None, kind="seen", impression=["lost"], exposed=[], **about)
