import json

import pytest
from pytest_django import DjangoAssertNumQueries

from garden.models import Visitor
from recommend.datasets.importing import import_interactions, import_users
from recommend.datasets.schema import interaction_row, user_row
from recommend.management.commands.dataset_info import gather_facts
from tests.recommend.cast import plant, say
from tests.recommend.datasets.cast import garden, run

pytestmark = pytest.mark.django_db


def test_it_counts_and_says_what_personalize_would_refuse() -> None:
    garden()
    plant(1, "sad")
    facts = json.loads(run("dataset_info", json=True))
    assert (facts["users"], facts["items"], facts["interactions"], facts["active_users"]) == (2, 4, 5, 2)
    coverage = {row["emotion"]: row for row in facts["coverage"]}
    assert coverage["calm"] == {"emotion": "calm", "pictures": 2, "shown": 2, "liked": 1, "likes": 2}
    assert coverage["happy"] == {"emotion": "happy", "pictures": 1, "shown": 1, "liked": 1, "likes": 2}
    assert coverage["sad"]["shown"] == 0
    assert facts["refusals"] == [
        "5 interactions; Personalize needs 1,000",
        "2 users with 2 interactions or more; Personalize needs 25",
    ]


def test_it_names_what_is_too_long_unknown_or_nobodys() -> None:
    (long,) = plant(1, "calm/" + "x" * 255)
    say("ann", long, long)
    say("bob", long, long)
    Visitor.objects.get(pk="bob").delete()
    table = run("dataset_info")
    assert "1 rows whose ITEM_ID has more than 256 characters" in table
    assert "1 interactions of forgotten visitors" in table
    assert "1 users of whom nothing is known" in table


def test_enough_of_everything_is_taken() -> None:
    (image,) = plant(1)
    import_users(user_row({"USER_ID": f"v{n}", "GENERATION": "adult"}) for n in range(25))
    rows = ({"USER_ID": f"v{n % 25}", "ITEM_ID": image.key, "TIMESTAMP": str(1_679_300_000 + n)} for n in range(1_000))
    import_interactions(map(interaction_row, rows))
    assert "Personalize would take it all." in run("dataset_info")


def test_it_needs_the_same_few_queries_for_any_number_of_rows(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    garden()
    with django_assert_max_num_queries(13):
        gather_facts()
