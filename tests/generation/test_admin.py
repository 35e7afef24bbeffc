from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from generation.models import GenerationJob, PromptTemplate
from generation.prompts.own_templates import own_templates
from generation.worker import work
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["generationjob", "slot", "worker", "hostevent", "prompttemplate"])
def test_it_lists(admin_client: Client, page: str) -> None:
    ask_for(2)
    work(engines=["quick"])
    assert (
        admin_client.get(
            f"/admin/generation/{page}/", {"q": "x"} if page not in ("worker", "hostevent") else {}
        ).status_code
        == 200
    )


def test_it_shows_how_far_jobs_are(admin_client: Client) -> None:
    ask_for(2)
    work(engines=["quick"])
    assert "2 / 2" in admin_client.get("/admin/generation/generationjob/").content.decode()


@pytest.mark.parametrize(("action", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_it_steers_jobs(admin_client: Client, action: str, state: str) -> None:
    job = ask_for(1)
    admin_client.post("/admin/generation/generationjob/", {"action": action, "_selected_action": [str(job.pk)]})
    assert job.slots.get().state == state


def test_viewers_cannot_steer(client: Client, ann: Any) -> None:
    ann.user_permissions.add(Permission.objects.get(codename="view_generationjob"))
    client.force_login(ann)
    job = ask_for(1)
    client.post("/admin/generation/generationjob/", {"action": "cancel", "_selected_action": [str(job.pk)]})
    assert GenerationJob.objects.get().control == "active"


def test_a_new_garden_has_our_own_templates_however_often_it_is_migrated() -> None:
    PromptTemplate.objects.all().delete()
    migration = import_module("generation.migrations.0002_own_templates")
    for _ in range(2):
        migration.write(apps, connection.schema_editor())
    assert PromptTemplate.objects.count() == len(list(own_templates()))
    assert set(PromptTemplate.objects.values_list("emotion", flat=True)) == {own.emotion for own in own_templates()}
