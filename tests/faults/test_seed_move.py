"""A seed's deployment moves here under kills, outages and writes: bucket, rows and counts are equal at each step."""

from pathlib import Path

import psycopg
import pytest

from tests.faults.databases import another
from tests.faults.move import Move, watched
from tests.faults.seed import Size
from tools.services.postgresql import PostgreSQL
from tools.services.s3 import moto_process

DATABASES = ["moved", "restored", "imported"]


@pytest.mark.long
def test_it_loses_nothing_of_a_seeds_deployment(
    postgresql_server: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with psycopg.connect(postgresql_server.url, autocommit=True) as server:
        for name in DATABASES:
            server.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    with moto_process() as endpoint:
        move = Move(tmp_path, [another(postgresql_server.url, name) for name in DATABASES], endpoint, Size())
        unequal = [step.name for step in watched(move.steps()) if not step.equal]
    assert unequal == []
