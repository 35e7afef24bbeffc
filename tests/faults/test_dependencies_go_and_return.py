"""Database, broker, storage and processes are taken away while visitors are there.

Kiosks get an answer or a clear 503, no like that was taken is lost or counted twice, and all goes on by itself.
"""

from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest
import requests

from tests.faults.planting import KEYS
from tests.faults.site import Site
from tests.faults.visiting import NOBODY, Crowd, is_clear
from tools.services.ports import PATIENCE, listens, wait_until


def nothing_is_lost(site: Site, crowd: Crowd) -> None:
    assert crowd.strange == []
    kept = [row[0] for row in site.rows("SELECT event_id FROM recommend_interaction WHERE event_id <> ''")]
    assert len(kept) == len(set(kept))
    assert set(crowd.taken) <= set(kept)
    sequences = sorted(int(str(row[0])) for row in site.rows("SELECT sequence FROM recommend_interaction"))
    assert len(sequences) == len(set(sequences))


@pytest.mark.parametrize("mode", ["immediate", "fast"])
def test_a_database_that_restarts_is_a_clear_503_meanwhile(site: Site, mode: str) -> None:
    with Crowd(site.url) as crowd:
        site.postgresql.stop(mode)
        crowd.meets("503", 20)
        site.postgresql.start()
        crowd.all_are_served()
    assert crowd.seen[NOBODY] == 0
    nothing_is_lost(site, crowd)


def test_a_database_that_is_stuck_is_a_clear_503_in_time(site: Site) -> None:
    """Somebody holds the ledger: every like would wait for the end of it."""
    with Crowd(site.url) as crowd:
        with psycopg.connect(site.database) as stuck:
            stuck.execute("LOCK TABLE recommend_ledger IN ACCESS EXCLUSIVE MODE")
            crowd.meets("503", 4)
        crowd.all_are_served()
    nothing_is_lost(site, crowd)


def test_a_page_that_finds_no_database_comes_back_by_itself(site: Site) -> None:
    site.postgresql.stop()
    try:
        page = requests.get(f"{site.url}/s/nobody", headers={"Accept": "text/html"}, timeout=30)
    finally:
        site.postgresql.start()
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "js/back.js" in page.text
    wait_until(lambda: site.answers("/kiosk/"))


def test_visitors_do_not_notice_that_the_broker_is_away(site: Site) -> None:
    made = done(site)
    with Crowd(site.url) as crowd:
        site.redis.stop()
        crowd.all_are_served()
        site.ask("from tests.generation.jobs import ask_for; ask_for(8, name='broker')")
        site.redis.start()
        crowd.all_are_served()
        wait_until(lambda: done(site) == made + 8)
    assert set(crowd.seen) == {"200"}
    nothing_is_lost(site, crowd)


def test_pictures_wait_while_the_storage_is_away(site: Site) -> None:
    made = done(site)
    with Crowd(site.url) as crowd:
        site.bucket.stop()
        site.ask("from tests.generation.jobs import ask_for; ask_for(8, name='storage')")
        wait_until(lambda: bool(site.rows("SELECT 1 FROM generation_slot WHERE error LIKE '%storage%'")))
        crowd.all_are_served()
        site.bucket.start()
        wait_until(lambda: done(site) == made + 8)
    assert set(crowd.seen) == {"200"}
    assert site.rows("SELECT DISTINCT attempt FROM generation_slot WHERE key LIKE '%storage%'") == [(1,)]
    nothing_is_lost(site, crowd)


def test_a_killed_web_process_is_replaced(site: Site) -> None:
    with Crowd(site.url) as crowd:
        (process,) = psutil.Process(site.web.pid).children()
        process.kill()
        wait_until(lambda: crowd.seen[NOBODY] > 0)
        crowd.all_are_served()
    nothing_is_lost(site, crowd)


def test_a_web_server_that_is_asked_to_end_answers_what_it_holds(site: Site) -> None:
    with psycopg.connect(site.database) as stuck, ThreadPoolExecutor(1) as kiosk:
        stuck.execute("LOCK TABLE recommend_ledger IN ACCESS EXCLUSIVE MODE")
        like = {"id": "last", "itemId": KEYS[0], "impression": KEYS[:3], "eventId": "last"}
        answer = kiosk.submit(requests.post, f"{site.url}/like", json=like, timeout=60)
        wait_until(lambda: bool(site.rows("SELECT 1 FROM pg_locks WHERE NOT granted")))
        site.web.terminate()
        wait_until(lambda: not listens(site.port))
        stuck.rollback()
        assert answer.result().status_code == 200 or is_clear(answer.result())
    site.web.wait(timeout=PATIENCE)
    site.web = site.start_web()
    wait_until(site.answers)


def test_a_worker_that_is_asked_to_end_hands_its_pictures_back_at_once(site: Site) -> None:
    made = done(site)
    site.ask("from tests.generation.jobs import ask_for; ask_for(8, name='slow', prompt='slow')")
    wait_until(lambda: bool(leased(site)))
    site.worker.terminate()
    assert site.worker.wait(timeout=PATIENCE) == 0
    assert leased(site) == []
    assert site.rows("SELECT DISTINCT attempt FROM generation_slot WHERE state = 'queued'") == [(0,)]
    site.ask("from generation.models import Slot; Slot.objects.filter(prompt='slow').update(prompt='calm')")
    site.worker = site.start_worker()
    wait_until(lambda: done(site) == made + 8)


def done(site: Site) -> int:
    return int(str(site.rows("SELECT count(*) FROM generation_slot WHERE state = 'done'")[0][0]))


def leased(site: Site) -> list[tuple[object, ...]]:
    return site.rows("SELECT id FROM generation_slot WHERE state = 'leased'")
