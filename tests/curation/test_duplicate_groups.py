"""What curators decide on groups of near duplicates: undone, remembered, over REST and on their page."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from curation.duplicates.groups import place_picture, unresolved_members
from curation.duplicates.hashing import PictureHash
from curation.duplicates.resolutions import GroupGoneError, How, LargeGroupError, resolve_group, undo_resolution
from curation.errors import OperationConflictError
from curation.models import BulkOperation, Decision, Fingerprint
from curation.services.votes import NewDecision, decide
from garden.models import Image
from recommend.models import ImageRate
from tests.curation.alike import GRADIENT, group_ids, open_sizes, placed
from tests.curation.cast import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim() -> User:
    return member("curator")


@pytest.fixture
def alike() -> list[Fingerprint]:
    """Three of a group; the last is the sharpest."""
    return [placed(0, sharpness=n, key=f"imgPool/calm/img_{n}h.jpeg", published_at=None) for n in range(3)]


def group_of(fingerprint: Fingerprint) -> int:
    return Fingerprint.objects.get(pk=fingerprint.pk).group or 0


def resolve(how: str, alike: list[Fingerprint], by: User, **more: Any) -> BulkOperation:
    return resolve_group(group=group_of(alike[0]), how=how, by=by, resolution_id=uuid.uuid4(), **more)


def verdicts() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("verdict", flat=True))


def states() -> list[str]:
    return list(Image.objects.order_by("pk").values_list("state", flat=True))


def best(alike: list[Fingerprint]) -> int:
    return unresolved_members([group_of(alike[0])])[group_of(alike[0])][0].image.pk


def test_the_best_is_what_curators_then_visitors_then_sharpness_say(alike: list[Fingerprint]) -> None:
    assert best(alike) == alike[2].pk
    ImageRate.objects.create(image_id=alike[1].pk, group="adult/Female", shown=9, liked=3)
    assert best(alike) == alike[1].pk
    Image.objects.filter(pk=alike[0].pk).update(rating=4)
    assert best(alike) == alike[0].pk
    Image.objects.filter(pk=alike[2].pk).update(verdict="like")
    assert best(alike) == alike[2].pk


def test_the_others_are_disliked_and_it_can_be_taken_back(alike: list[Fingerprint], kim: User) -> None:
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "like", 3)])
    resolution = resolve(How.KEEP_BEST, alike, kim)
    assert (resolution.selection["best"], verdicts()) == (alike[0].pk, ["like", "dislike", "dislike"])
    assert open_sizes() == []
    undo_resolution(resolution=resolution, by=kim)
    assert verdicts() == ["like", "", ""]
    assert open_sizes() == [3]
    assert Decision.objects.current().count() == 1


def test_a_rating_survives_the_dislike(alike: list[Fingerprint], kim: User) -> None:
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "", 3)])
    resolve(How.KEEP_BEST, alike, kim, image=alike[2].pk)
    assert verdicts() == ["dislike", "dislike", ""]
    assert Decision.objects.current().get(image=alike[0].pk).rating == 3


def test_taking_back_leaves_what_was_decided_since(alike: list[Fingerprint], kim: User) -> None:
    resolution = resolve(How.KEEP_BEST, alike, kim)
    decide(by=kim, decisions=[NewDecision(uuid.uuid4(), alike[0].pk, "like")])
    undo_resolution(resolution=resolution, by=kim)
    assert verdicts() == ["like", "", ""]
    assert Decision.objects.count() == 4


def test_the_others_go_to_the_trash_as_one_act_that_is_undone(alike: list[Fingerprint], kim: User) -> None:
    resolution = resolve(How.REMOVE_OTHERS, alike, kim)
    assert states() == ["trash", "trash", "pool"]
    assert BulkOperation.objects.get().total == 2
    undo_resolution(resolution=resolution, by=kim)
    assert states() == ["pool"] * 3
    assert open_sizes() == [3]


def test_keeping_all_is_remembered_until_a_new_one_comes(alike: list[Fingerprint], kim: User) -> None:
    resolve(How.KEEP_ALL, alike, kim)
    assert open_sizes() == []
    placed(0)
    assert open_sizes() == [4]


def test_one_that_is_not_alike_leaves_and_stays_away(alike: list[Fingerprint], kim: User) -> None:
    resolution = resolve(How.NOT_ALIKE, alike, kim, image=alike[1].pk)
    assert group_of(alike[1]) == 0
    assert open_sizes() == [2]
    assert Fingerprint.objects.exclude(not_alike={}).count() == 3
    place_picture(image=alike[1].image, hashed=PictureHash(alike[1].phash, GRADIENT, 1.0))
    assert group_of(alike[1]) == 0
    undo_resolution(resolution=resolution, by=kim)
    assert open_sizes() == [3]
    assert not Fingerprint.objects.exclude(not_alike={}).exists()


def test_a_whole_group_can_be_marked_as_not_alike(alike: list[Fingerprint], kim: User) -> None:
    resolution = resolve(How.NOT_ALIKE, alike, kim)
    assert group_ids() == []
    undo_resolution(resolution=BulkOperation.objects.get(pk=resolution.pk), by=kim)
    assert open_sizes() == [3]


def test_too_many_pairs_are_refused(alike: list[Fingerprint], kim: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.duplicates.resolutions.MOST_PAIRS_OF", 2)
    with pytest.raises(LargeGroupError):
        resolve(How.NOT_ALIKE, alike, kim)
    assert not BulkOperation.objects.exists()


def test_the_same_resolution_sent_twice_is_one(alike: list[Fingerprint], kim: User) -> None:
    resolution = resolve(How.KEEP_BEST, alike, kim)
    again = resolve_group(group=resolution.selection["group"], how=How.KEEP_BEST, by=kim, resolution_id=resolution.pk)
    assert again == resolution
    assert Decision.objects.count() == 2
    undo_resolution(resolution=resolution, by=kim)
    undo_resolution(resolution=resolution, by=kim)
    assert Decision.objects.count() == 4


def test_what_is_settled_cannot_be_settled_by_a_second_curator(alike: list[Fingerprint], kim: User) -> None:
    resolve(How.REMOVE_OTHERS, alike, kim)
    with pytest.raises(GroupGoneError):
        resolve(How.KEEP_BEST, alike, member("curator", "lee"))


def test_nobody_takes_back_the_votes_of_others(alike: list[Fingerprint], kim: User) -> None:
    resolution = resolve(How.KEEP_BEST, alike, kim)
    with pytest.raises(OperationConflictError):
        undo_resolution(resolution=resolution, by=member("curator", "lee"))


def test_a_picture_that_left_the_group_cannot_be_kept(alike: list[Fingerprint], kim: User) -> None:
    with pytest.raises(GroupGoneError):
        resolve(How.KEEP_BEST, alike, kim, image=4711)


GROUPS = "/curation/lookalikes"


def signed_in(group: str) -> Client:
    client = Client()
    client.force_login(member(group))
    return client


def settle(client: Client, group: int, how: str, **more: Any) -> Any:
    resolution = {"id": str(uuid.uuid4()), "how": how, **more}
    return client.post(f"{GROUPS}/{group}/settle", resolution, content_type="application/json")


def test_it_pages_through_the_groups_newest_first() -> None:
    for n in range(5):
        for _ in range(2):
            placed(n * 0x1111_1111_1111_1111)
    client = signed_in("viewer")
    found: list[int] = []
    before: Any = ""
    while before is not None:
        page = client.get(f"{GROUPS}?limit=2{before and f'&before={before}'}").json()
        found += [group["id"] for group in page["groups"]]
        before = page["next"]
    assert found == group_ids()[::-1]
    assert len(found) == 5


def test_it_shows_how_similar_pictures_differ() -> None:
    placed(0, key="imgPool/calm/img_1h.jpeg", published_at=None, prompt="lake", parameters={"seed": 7})
    placed(0x3F, sharpness=9, key="imgPool/calm/img_2h.jpeg", published_at=None)
    (group,) = signed_in("viewer").get(GROUPS).json()["groups"]
    assert group["size"] == 2
    best, other = group["images"]
    assert (best["sharpness"], best["distance"], best["seed"]) == (9.0, 0, None)
    assert (other["distance"], other["seed"], other["prompt"], other["state"]) == (6, 7, "lake", "pool")
    assert other["thumb"] == other["url"]


def test_many_groups_need_no_more_queries_than_one(django_assert_max_num_queries: Any) -> None:
    number = 6
    for n in range(number):
        placed(n * 0x1111_1111_1111_1111), placed(n * 0x1111_1111_1111_1111)
    client = signed_in("viewer")
    with django_assert_max_num_queries(
        9
    ):  # session, user, permissions of user and of groups; groups, pictures, likes, small
        assert len(client.get(GROUPS).json()["groups"]) == number


def test_a_curator_settles_and_takes_back() -> None:
    one, _other = placed(0), placed(0)
    client = signed_in("curator")
    resolution = settle(client, group_ids()[0], "keep_best", image=one.pk).json()
    assert (resolution["best"], resolution["undone"], client.get(GROUPS).json()["groups"]) == (one.pk, False, [])
    assert client.post(f"/curation/settlements/{resolution['id']}/undo").json()["undone"] is True
    assert len(client.get(GROUPS).json()["groups"]) == 1


@pytest.mark.parametrize(
    ("group", "how", "status"),
    [("viewer", "keep_all", 403), ("curator", "remove_others", 200), ("curator", "burn", 400)],
)
def test_it_needs_permissions_and_a_known_resolution(group: str, how: str, status: int) -> None:
    placed(0), placed(0)
    assert settle(signed_in(group), group_ids()[0], how).status_code == status


def test_a_group_that_is_settled_is_refused_as_gone() -> None:
    placed(0), placed(0)
    client, group = signed_in("curator"), group_ids()[0]
    settle(client, group, "remove_others")
    answer = settle(client, group, "keep_best")
    assert (answer.status_code, answer.json()["code"]) == (409, "group_gone")


PAGE = "/admin/curation/lookalikes/"
HTMX = {"HX-Request": "true"}


def answer_of(client: Client, group: int, how: str, **form: Any) -> str:
    sent = {"how": how, "id": str(uuid.uuid4()), **form}
    return client.post(f"{PAGE}{group}/", sent, headers=HTMX).content.decode()


def test_the_page_has_the_newest_groups_and_a_way_to_the_next() -> None:
    for n in range(9):
        placed(n * 0x1111_1111_1111_1111), placed(n * 0x1111_1111_1111_1111)
    client = signed_in("viewer")
    page = client.get(PAGE)
    assert page.content.decode().count('id="group-title-') == 8
    assert "keep_best" not in page.content.decode()
    part = client.get(PAGE, {"before": page.context["next"]}, headers=HTMX).content.decode()
    assert part.count('id="group-title-') == 1
    assert "<html" not in part


def test_a_group_is_settled_on_the_page_and_the_last_resolution_taken_back() -> None:
    one, other = placed(0), placed(0)
    client, group = signed_in("curator"), group_ids()[0]
    done = {"how": "keep_best", "id": str(uuid.uuid4()), "image": other.pk}
    for _ in range(2):
        answer = client.post(f"{PAGE}{group}/", done, headers=HTMX).content.decode()
    assert "The best is kept, 1 disliked." in answer
    assert Image.objects.get(pk=one.pk).verdict == "dislike"
    assert 'id="group-title-' not in client.get(PAGE).content.decode()
    undone = client.post(f"{PAGE}undo/", headers=HTMX)
    assert undone["HX-Retarget"] == "#groups"
    assert "Undone." in undone.content.decode()
    assert Image.objects.get(pk=one.pk).verdict == ""
    assert "Nothing to undo." in client.post(f"{PAGE}undo/", headers=HTMX).content.decode()


def test_what_cannot_be_settled_is_explained_and_what_is_no_resolution_refused() -> None:
    placed(0), placed(0)
    client, group = signed_in("curator"), group_ids()[0]
    assert "1 went to the trash" in answer_of(client, group, "remove_others")
    assert "resolved already" in answer_of(client, group, "keep_all")
    assert client.post(f"{PAGE}{group}/", {"how": "burn", "id": str(uuid.uuid4())}).status_code == 400
    assert client.post(f"{PAGE}{group}/", {"how": "keep_all", "id": "x"}).status_code == 400
    assert signed_in("viewer").post(f"{PAGE}{group}/", {"how": "keep_all"}).status_code == 403
