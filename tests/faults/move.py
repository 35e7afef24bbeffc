"""A seed's deployment moves here, by the steps of docs/how-to/migrate-a-seed-deployment.md, under real conditions.

    python -m tests.faults.move [--pictures 2240] [--users 2000] [--likes 5000]

moto's server for S3, SQS and DynamoDB, PostgreSQL, and every command as a process of its own. Prints a row a step: its
seconds, those of processor time, what was counted, and whether all was as it should be; exit code 1 where it was not.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.faults.databases import another, fill_migrated
from tests.faults.seed import BROKEN, Seed, Size
from tests.services.cable import Cable
from tools.services.ports import wait_until
from tools.services.postgresql import running_postgresql
from tools.services.processes import end
from tools.services.s3 import REGION, moto_process, new_bucket

KILLS = 3
GONE = 5
MORE_LIKES = 200
ROWS = """
import hashlib, json
from tests.garden.backup import site
rows = {model: lines for model, lines in site.rows().items() if model != "garden.AuditEntry"}
print(json.dumps({model: hashlib.sha256(b"".join(lines)).hexdigest() for model, lines in rows.items()}))
"""


@dataclass(slots=True)
class Step:
    """`equal`: whether bucket, rows and counts are as the step must leave them."""

    name: str
    seconds: float = 0
    processor_seconds: float = 0
    counts: dict[str, int] = field(default_factory=dict)
    equal: bool = False


class Site:
    """The commands of one site, each a process of its own."""

    def __init__(self, folder: Path, database: str, bucket: str, endpoint: str) -> None:
        folder.mkdir()
        self.bucket, self._database, self._log = bucket, database, folder / "site.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "PICTURE_STORAGE": f"s3://{bucket}",
            "AWS_ENDPOINT_URL_S3": endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL_SQS": endpoint,
            "LOG_LEVEL": "WARNING",
        }

    def start(self, *command: str, **settings: str) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            environment = {**self.environment, **settings}
            return subprocess.Popen([sys.executable, "manage.py", *command], env=environment, stdout=log, stderr=log)

    def run(self, *command: str, code: int = 0) -> str:
        """What it prints."""
        return self._run([sys.executable, "manage.py", *command], code)

    def report(self, *command: str, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(*command, "--json", code=code))
        return found

    def row_hashes(self) -> dict[str, str]:
        """Of every table that a backup holds but the audit trail: a restore adds its own line to that."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{ROWS}"]
        found: dict[str, str] = json.loads(self._run(command, 0))
        return found

    def hashes(self) -> dict[str, str]:
        """SHA-256 by key of the pictures outside the trash, as the rows say."""
        return dict(self.rows("SELECT key, content_hash FROM garden_image WHERE state <> 'trash'"))

    def count(self, table: str, where: str = "true") -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def rows(self, sql: str) -> list[Any]:
        with psycopg.connect(self._database) as connection:
            return list(connection.execute(sql).fetchall())

    def _run(self, command: list[str], code: int) -> str:
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout


class Move:
    """The steps, each when it is done and compared."""

    def __init__(self, folder: Path, databases: list[str], endpoint: str, size: Size) -> None:
        self._folder, self._endpoint, self._databases = folder, endpoint, databases
        self.seed = Seed(endpoint, size)
        self.site = Site(folder / "site", databases[0], self.seed.bucket, endpoint)
        self._consume = ("consume_s3_events", "--queue-url", self.seed.queue)
        self._backup = f"s3://{new_bucket(endpoint)}/garden"

    def steps(self) -> Iterator[Step]:
        yield from self.read_all_with_boto3()
        yield from self.take_the_bucket_in()
        yield from self.set_headers()
        yield from self.import_tables()
        yield from self.learn()
        yield from self.follow_events_killed()
        yield from self.follow_events_through_an_outage()
        yield from self.back_up_under_writes()
        yield from self.restore_elsewhere()
        yield from self.export_and_import_again()
        yield from self.compare_at_the_end()

    def read_all_with_boto3(self) -> Iterator[Step]:
        """The peer of taking the bucket in: it lists and reads, and writes nothing."""
        with self._step("boto3 lists and reads the bucket") as step:
            found = self.seed.hashes()
        step.counts, step.equal = {"files": len(found)}, set(found) == set(self.seed.keys)
        yield step

    def take_the_bucket_in(self) -> Iterator[Step]:
        with self._step("sync_storage --apply") as step:
            report = self.site.report("sync_storage", "--apply")
            step.counts = {"images": self.site.count("garden_image"), "problems": len(report["problems"])}
        step.equal = self.site.hashes() == self.seed.hashes()
        yield step

    def set_headers(self) -> Iterator[Step]:
        with self._step("sync_storage --headers --apply") as step:
            report = self.site.report("sync_storage", "--headers", "--apply")
            step.counts = {"set": report["repaired"].get("other headers", 0)}
        step.equal = self.seed.have_headers() and step.counts["set"] == len(self.seed.keys)
        yield step

    def import_tables(self) -> Iterator[Step]:
        """Broken rows are passed over and listed; a second run adds nothing."""
        export, rejected = self._folder / "export", self._folder / "rejected.csv"
        self.seed.export_tables(export)
        command = ["import_dynamodb", str(export), "--skip-invalid", str(rejected), "--verbosity", "0"]
        with self._step("import_dynamodb --skip-invalid") as step:
            self.site.run(*command)
        step.counts = self._people()
        likes = {
            (row["USER_ID"]["S"], row["ITEM_ID"]["S"], int(row["TIMESTAMP"]["N"]) // 1_000) for row in self.seed.likes
        }
        known = "SELECT visitor_id, item_key, extract(epoch FROM created_at)::bigint FROM recommend_interaction"
        step.equal = set(self.site.rows(known)) == likes
        step.equal &= {row[0] for row in self.site.rows("SELECT id FROM garden_visitor")} == set(self.seed.users)
        step.equal &= len(rejected.read_text(encoding="utf-8").splitlines()) == 1 + len(BROKEN)
        yield step
        with self._step("import_dynamodb again") as step:
            message = self.site.run(*command)
        step.counts, step.equal = self._people(), message.count(" 0 imported") == 3
        yield step

    def learn(self) -> Iterator[Step]:
        """Small copies are written under `derived/`: no event of theirs reaches the queue."""
        before = self.seed.messages()
        with self._step("make_thumbnails") as step:
            self.site.run("make_thumbnails")
            step.counts = {"copies": sum(key.startswith("derived/") for key in self.seed.listed(self.seed.bucket))}
        step.equal = step.counts["copies"] > 0 and self.seed.messages() == before
        yield step
        with self._step("make_features, rebuild_recommender") as step:
            self.site.run("make_features")
            self.site.run("rebuild_recommender", "--renew")
        step.equal = True
        yield step

    def follow_events_killed(self) -> Iterator[Step]:
        """New, replaced, removed and returned pictures; events twice, disordered and malformed; kill -9."""
        keys, new = self.seed.keys, [self.seed.new_key() for _ in range(12)]
        gone, returned, replaced = keys[:GONE], keys[GONE:10], keys[10:15]
        self.seed.put([*new, *replaced])
        for key in [*gone, *returned]:
            self.seed.remove(key)
        self.seed.put(returned)
        repeated, malformed = self.seed.repeat_events([*new, *keys[:20]]), self.seed.send_malformed()
        with self._step(f"consume_s3_events, killed {KILLS} times") as step:
            killed = sum(self._kill_while_receiving() for _ in range(KILLS))
            self.site.run(*self._consume, "--until-empty")
        step.counts = {"repeated": repeated, "malformed": malformed, "kills": killed}
        step.equal = self._agrees() and not self.seed.messages() and killed == KILLS
        step.equal &= self.site.count("garden_image", "trash_reason = 'file_missing'") == len(gone)
        yield step

    def follow_events_through_an_outage(self) -> Iterator[Step]:
        """Bucket and queue go away while the consumer works: it waits and goes on."""
        address = urlsplit(self._endpoint)
        cable = Cable(address.hostname or "", address.port or 0)
        elsewhere = f"http://127.0.0.1:{cable.port}"
        with self._step("consume_s3_events, bucket and queue away") as step:
            consumer = self.site.start(*self._consume, AWS_ENDPOINT_URL_S3=elsewhere, AWS_ENDPOINT_URL_SQS=elsewhere)
            try:
                for cut in (False, True, False):
                    self.seed.put(self.seed.new_key() for _ in range(10))
                    if cut:
                        cable.cut()
                        time.sleep(3)
                        alive = consumer.poll() is None
                        cable.mend()
                    else:
                        wait_until(lambda: not self.seed.messages(visible_only=True))
                wait_until(lambda: not self.seed.messages())
            finally:
                end(consumer)
                cable.cut()
        step.equal = alive and self._agrees()
        yield step

    def back_up_under_writes(self) -> Iterator[Step]:
        """Pictures and likes go on coming; the drill is equal to the moment of the backup."""
        written = 0
        with self._step("backup under writes") as step:
            consumer = self.site.start(*self._consume)
            likes = self.site.start("import_dataset", str(self._more_likes()), "--verbosity", "0")
            backup = self.site.start("backup", self._backup)
            while backup.poll() is None:
                self.seed.put([self.seed.new_key()])
                written += 1
            likes.wait()
            end(consumer)
        step.counts, step.equal = {"pictures meanwhile": written}, backup.returncode == likes.returncode == 0
        yield step
        with self._step("restore --drill") as step:
            drill = self.site.report("restore", self._backup, "--drill")
        step.counts, step.equal = {}, drill["equal"]
        yield step
        with self._step("the last events, second backup, --verify") as step:
            self.site.run(*self._consume, "--until-empty")
            copied = self.site.report("backup", self._backup)["files_copied"]
            verified = self.site.report("backup", self._backup, "--verify")
        step.counts = {"files copied": copied, "snapshots": len(verified["snapshots"])}
        step.equal = self._agrees() and not verified["damaged"]
        yield step

    def restore_elsewhere(self) -> Iterator[Step]:
        bucket = new_bucket(self._endpoint)
        site = self.restored = Site(self._folder / "restored", self._databases[1], bucket, self._endpoint)
        with self._step("restore to another bucket and database") as step:
            report = site.report("restore", self._backup)
        step.counts = {"files": report["files"], "rows": sum(report["rows"].values())}
        step.equal = site.row_hashes() == self.site.row_hashes()
        step.equal &= self.seed.hashes(bucket) == self.seed.hashes() == site.hashes()
        yield step
        with self._step("sync_storage --apply of the restored site") as step:
            site.run("sync_storage", "--apply")
        step.equal = self._agree(site) and self.seed.hashes(bucket) == site.hashes()
        yield step

    def export_and_import_again(self) -> Iterator[Step]:
        """Into the site itself, where all is known, and into an empty database over the same bucket.

        A dataset also names published pictures that are gone: these are listed, and only they do not come back.
        """
        fresh = Site(self._folder / "fresh", self._databases[2], self.restored.bucket, self._endpoint)
        out, again = self._folder / "out", self._folder / "again"
        gone = [key for key in self.seed.keys[:GONE] if key.startswith("emotions/")]
        with self._step("export_dataset, import_dataset") as step:
            self.restored.run("export_dataset", "--folder", str(out))
            known = self.restored.run("import_dataset", str(out), "--verbosity", "0")
            fresh.run("import_dataset", str(out), "--verbosity", "0", code=1 if gone else 0)
            fresh.run("export_dataset", "--folder", str(again))
        exported, back = _cells(out), _cells(again)
        step.counts = {name: len(rows) for name, rows in exported.items()} | {"gone": len(gone)}
        exported["items"] = [row for row in exported["items"] if row[0] not in gone]
        step.equal = known.count(" 0 imported") == 3 and exported == back
        yield step

    def compare_at_the_end(self) -> Iterator[Step]:
        with self._step("sync_storage, bucket and rows at the end") as step:
            reported = self.site.run("sync_storage")
        step.counts = {**self._people(), "images": len(self.site.hashes())}
        step.equal = "agree" in reported and self._agrees()
        yield step

    def _people(self) -> dict[str, int]:
        return {"visitors": self.site.count("garden_visitor"), "likes": self.site.count("recommend_interaction")}

    def _agrees(self) -> bool:
        return self.site.hashes() == self.seed.hashes() and self._agree(self.site)

    def _agree(self, site: Site) -> bool:
        return not site.report("sync_storage")["differences"]

    def _kill_while_receiving(self) -> bool:
        before = self.seed.messages(visible_only=True)
        consumer = self.site.start(*self._consume)
        wait_until(lambda: self.seed.messages(visible_only=True) < before or consumer.poll() is not None)
        at_work = consumer.poll() is None
        consumer.kill()
        consumer.wait()
        return at_work

    def _more_likes(self) -> Path:
        file = self._folder / "more.csv"
        rows = [f"late {number},{self.seed.keys[-1]},{1_690_000_000 + number}," for number in range(MORE_LIKES)]
        lines = [row.replace(self.seed.keys[-1], f'"{self.seed.keys[-1]}"') for row in rows]
        file.write_text("USER_ID,ITEM_ID,TIMESTAMP,IMPRESSION\n" + "\n".join(lines), encoding="utf-8")
        return file

    @contextmanager
    def _step(self, name: str) -> Iterator[Step]:
        step, begun, used = Step(name), time.perf_counter(), _processor_seconds()
        yield step
        step.seconds, step.processor_seconds = time.perf_counter() - begun, _processor_seconds() - used


def _cells(folder: Path) -> dict[str, list[list[str]]]:
    """The rows of the datasets in a folder, sorted."""
    found = {}
    for file in folder.rglob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            found[file.stem] = sorted(list(csv.reader(stream))[1:])
    return found


def _processor_seconds() -> float:
    """Of this process and of those that ended; moto and PostgreSQL go on."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def watched(steps: Iterable[Step]) -> Iterator[Step]:
    """Prints a row of a table for each."""
    print(f"{'step':<46}{'seconds':>9}{'CPU s':>8}  {'equal':<6}counts")  # noqa: T201
    for step in steps:
        counts = ", ".join(f"{name} {count:,}" for name, count in step.counts.items())
        equal = "yes" if step.equal else "NO"
        figures = f"{step.seconds:>9.1f}{step.processor_seconds:>8.1f}"
        print(f"{step.name:<46}{figures}  {equal:<6}{counts}", flush=True)  # noqa: T201
        yield step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=2_240)
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--likes", type=int, default=5_000)
    size = Size(**vars(parser.parse_args()))
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with tempfile.TemporaryDirectory() as name, running_postgresql() as server, moto_process() as endpoint:
        databases = [another(server.url, f"move{number}") for number in range(3)]
        for database in databases:
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database.rpartition('/')[2]}")
            fill_migrated(database, Path(name))
        folder = Path(name) / "move"
        folder.mkdir()
        equal = [step.equal for step in watched(Move(folder, databases, endpoint, size).steps())]
    if not all(equal):
        sys.exit(1)


if __name__ == "__main__":
    main()
