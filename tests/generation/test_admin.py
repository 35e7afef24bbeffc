from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from generation.models import GenerationJob, PromptTemplate
from generation.prompts.templates import own_templates
from generation.queue.worker import work
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["generationjob", "slot", "worker", "prompttemplate"])
def test_it_lists(admin_client: Client, page: str) -> None:
    ask_for(2)
    work(engines=["quick"])
    assert admin_client.get(f"/admin/generation/{page}/", {"q": "x"} if page != "worker" else {}).status_code == 200


def test_it_shows_how_far_jobs_are(admin_client: Client) -> None:
    ask_for(2)
    work(engines=["quick"])
    assert "2 / 2" in admin_client.get("/admin/generation/generationjob/").content.decode()


def test_jobs_lead_to_the_page_that_watches_them(admin_client: Client) -> None:
    job = ask_for(1)
    page = admin_client.get("/admin/generation/generationjob/").content.decode()
    assert f'href="/admin/curation/make/jobs/{job.pk}/"' in page


def test_jobs_are_counted_only_where_they_are_shown(
    admin_client: Client, django_assert_max_num_queries: Any, ann: Any
) -> None:
    for name in "abcdefgh":
        ask_for(2, name=name, owner=ann)
    with django_assert_max_num_queries(9):
        admin_client.get("/admin/generation/generationjob/")
    page = admin_client.get("/admin/generation/generationjob/", {"o": "1"}).content.decode()
    assert [page.index(f">{name}</a>") for name in "abc"] == sorted(page.index(f">{name}</a>") for name in "abc")


def test_slots_show_their_pictures_and_what_went_wrong(
    admin_client: Client, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.GENERATION_MAX_ATTEMPTS = 1
    ask_for(6)
    ask_for(1, name="broken", prompt="crash")
    work(engines=["quick"])
    with django_assert_max_num_queries(12):
        page = admin_client.get("/admin/generation/slot/").content.decode()
    assert page.count('height="72"') == 6
    assert "RuntimeError: out of paint" in page
    assert "Traceback" not in page


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
    migration = import_module("generation.migrations.0002_initial_rows")
    for _ in range(2):
        migration.write_templates(apps, connection.schema_editor())
    assert PromptTemplate.objects.count() == len(list(own_templates()))
    assert set(PromptTemplate.objects.values_list("emotion", flat=True)) == {own.emotion for own in own_templates()}


def test_it_imports_templates_that_can_be_expanded(admin_client: Client) -> None:
    sheet = "id,emotion,order,text,negative,active\n,calm,3,a [ANIMAL] garden,people,1\n"
    file = SimpleUploadedFile("templates.csv", sheet.encode(), "text/csv")
    preview = admin_client.post("/admin/generation/prompttemplate/import/", {"import_file": file, "format": 0})
    admin_client.post("/admin/generation/prompttemplate/process_import/", preview.context["confirm_form"].initial)
    assert PromptTemplate.objects.filter(text="a [ANIMAL] garden", negative="people", order=3).exists()


def test_it_refuses_a_sheet_with_a_template_that_cannot_be(admin_client: Client) -> None:
    file = SimpleUploadedFile("templates.csv", b"id,emotion,order,text\n,calm,3,a [PLANET] garden\n", "text/csv")
    preview = admin_client.post("/admin/generation/prompttemplate/import/", {"import_file": file, "format": 0})
    assert "confirm_form" not in preview.context
    assert "[PLANET]" in preview.content.decode()
