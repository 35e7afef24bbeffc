"""Users and items reach Personalize after every change, in tens, and each once."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from garden.models import Image, Visitor
from recommend.backends.base import RecommenderUnavailableError
from recommend.backends.personalize import delivery
from recommend.tasks import save_state
from tests.recommend.cast import interact, plant
from tests.recommend.personalize.conftest import Site
from tests.recommend.personalize.server import Answer, Call, FakePersonalize, failing
from tests.recommend.personalize.site import entry
from tests.support.factories import VisitorFactory

pytestmark = pytest.mark.django_db


def settle(seconds: float = 60) -> None:
    """Everything was changed a while ago, all at the same time."""
    then = timezone.now() - timedelta(seconds=seconds)
    Visitor.objects.update(last_seen_at=then)
    Image.objects.update(changed_at=then)


def run(command: str = "sync_personalize", *words: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, stderr=out, verbosity=0, **options)
    return out.getvalue()


def test_all_are_copied_in_tens_and_none_twice(site: Site, personalize: FakePersonalize) -> None:
    recommender = site()
    VisitorFactory.create_batch(25)
    plant(12)
    settle()
    recommender.save_state()
    recommender.save_state()
    assert [len(call["users"]) for call in personalize.called("PutUsers")] == [10, 10, 5]
    assert [len(call["items"]) for call in personalize.called("PutItems")] == [10, 2]
    assert len(personalize.users) == 25
    assert len(personalize.items) == 12


def test_a_change_is_copied_and_a_row_that_may_not_be_committed_yet_waits(
    site: Site, personalize: FakePersonalize
) -> None:
    recommender = site()
    a, b = plant(2)
    settle(60)
    recommender.save_state()
    Image.objects.filter(pk=a.pk).withdraw()
    recommender.save_state()
    assert personalize.items[a.key]["emotion"] == "calm"
    Image.objects.filter(pk=a.pk).update(changed_at=timezone.now() - timedelta(seconds=30))
    recommender.save_state()
    assert (personalize.items[a.key]["emotion"], personalize.items[b.key]["emotion"]) == ("withdrawn", "calm")
    assert len(personalize.called("PutItems")) == 2


def test_a_failed_copy_is_not_marked_as_done(site: Site, personalize: FakePersonalize) -> None:
    recommender = site(attempts=1)
    VisitorFactory.create_batch(25)
    settle()
    answered = [0]

    def fails_after_two(call: Call) -> Answer | None:
        answered[0] += 1
        return Answer({"message": "away"}, 503, "ServiceUnavailable") if answered[0] > 2 else None

    personalize.trouble = fails_after_two
    with pytest.raises(RecommenderUnavailableError):
        recommender.save_state()
    personalize.trouble = lambda call: None
    recommender.save_state()
    assert len(personalize.users) == 25
    assert sum(len(call["users"]) for call in personalize.called("PutUsers")) == 30


def test_a_service_that_is_down_is_logged_and_tried_again_next_time(
    site: Site, personalize: FakePersonalize, caplog: pytest.LogCaptureFixture
) -> None:
    site(attempts=1)
    VisitorFactory.create_batch(3)
    settle()
    personalize.trouble = failing(503, "ServiceUnavailable", times=1)
    save_state()
    assert "personalize: Personalize: put_users" in caplog.text
    save_state()
    assert len(personalize.users) == 3


def test_a_poisoned_row_holds_up_no_other(site: Site, personalize: FakePersonalize) -> None:
    recommender = site()
    VisitorFactory.create_batch(11)
    settle()

    def refuses(call: Call) -> Answer | None:
        bad = any(user["userId"].endswith("3") for user in call.body.get("users", ()))
        return Answer({"message": "poison"}, 400, "InvalidInputException") if bad else None

    personalize.trouble = refuses
    done = delivery.copy_changed(recommender.client, delivery.USERS, recommender.users_dataset)
    assert len(done.refused) >= 1
    assert done.sent + len(done.refused) == 11
    assert all("poison" in words for words in done.refused.values())


def test_the_command_sends_everything_and_reports_it(site: Site, personalize: FakePersonalize) -> None:
    site()
    (image,) = plant(1)
    interact("ann", image, image)
    settle()
    assert "1 events would be sent" in run(dry_run=True)
    assert personalize.calls == []
    assert run().splitlines() == [
        "events: 1 sent, 0 refused, 0 waiting.",
        "users: 1 sent, 0 refused.",
        "items: 1 sent, 0 refused.",
    ]
    assert "items: 0 sent" in run()
    assert "items: 1 sent" in run(all=True)


def test_the_command_fails_where_something_is_left(site: Site, personalize: FakePersonalize, settings: Any) -> None:
    site(attempts=1)
    (image,) = plant(1)
    interact("ann", image, image)
    personalize.trouble = failing(500, "InternalFailure", operation="PutEvents")
    with pytest.raises(SystemExit):
        run()
    settings.RECOMMENDER = {"BACKEND": "recommend.backends.embedded.EmbeddedRecommender"}
    with pytest.raises(CommandError, match="is Personalize"):
        run()
    settings.RECOMMENDER_CHALLENGER = entry(personalize.url)
    assert "would be sent" in run(dry_run=True)


_DATASET = "arn:aws:personalize:eu-west-1:123456789012:dataset/garden/INTERACTIONS"


def import_(personalize: FakePersonalize, location: str = "s3://garden/dataset/interactions", **more: Any) -> str:
    where = {"dataset": _DATASET, "role": "arn:aws:iam::123456789012:role/personalize", "region": "eu-west-1"}
    return run("import_personalize", location, **where, endpoint_url=personalize.url, every=0.01, **more)


def test_an_import_job_is_started_and_waited_for(personalize: FakePersonalize) -> None:
    personalize.jobs = ["CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE"]
    arn, *statuses = import_(personalize, wait=True).splitlines()
    assert arn.startswith("arn:aws:personalize:eu-west-1:123456789012:dataset-import-job/INTERACTIONS-")
    assert statuses == ["CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE"]
    (asked,) = personalize.called("CreateDatasetImportJob")
    assert asked["dataSource"] == {"dataLocation": "s3://garden/dataset/interactions"}
    assert (asked["importMode"], asked["datasetArn"]) == ("FULL", _DATASET)


def test_an_import_job_that_fails_or_takes_too_long_is_reported(personalize: FakePersonalize) -> None:
    personalize.jobs = ["CREATE PENDING", "CREATE FAILED"]
    with pytest.raises(CommandError, match="no rows"):
        import_(personalize, wait=True)
    personalize.jobs = ["CREATE PENDING"] * 1_000
    with pytest.raises(CommandError, match="still CREATE PENDING"):
        import_(personalize, wait=True, longest=0.05)


def test_a_dry_run_calls_nothing_and_a_folder_is_no_bucket(personalize: FakePersonalize) -> None:
    assert "would import s3://garden/dataset/interactions" in import_(personalize, dry_run=True)
    with pytest.raises(CommandError, match=r"not an s3:// URL"):
        import_(personalize, location="/srv/dataset")
    assert personalize.calls == []
