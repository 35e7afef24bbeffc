"""The OpenAPI document names every route of the contract and is valid."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from rest_framework.test import APIClient

from garden.api.schema import AUDIENCES

ROUTES = ["/emotion", "/gardenfromDB", "/garden", "/like", "/retrieve", "/remove", "/removePool", "/clearIndex"]
ROUTES += ["/updateDisplay", "/sendToWall"]
ROUTES += ["/sd-service/infra/control", "/sd-service/infra/auto-termination"]


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.load(Client().get("/api/schema/").content, Loader=yaml.CSafeLoader)


def test_it_describes_every_route(document: Any) -> None:
    for route in ROUTES:
        described = document["paths"][route]["post"]
        assert described["summary"], route
        assert "200" in described["responses"], route
        assert "requestBody" in described, route


def test_it_names_the_formats_of_photos_and_the_plain_text_of_no_face(document: Any) -> None:
    emotion = document["paths"]["/emotion"]["post"]
    photos = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic"}
    assert photos <= emotion["requestBody"]["content"].keys()
    assert "text/plain" in emotion["responses"]["404"]["content"]


def test_it_names_the_statuses_of_a_garden_and_the_plain_text_of_a_like(document: Any) -> None:
    assert document["paths"]["/garden"]["post"]["responses"].keys() >= {"200", "400", "429", "503"}
    assert document["paths"]["/like"]["post"]["responses"]["200"]["content"].keys() == {"text/plain"}


def test_it_is_valid_without_warnings() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_its_page_loads_nothing_from_other_hosts(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page


def operations(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from part.get("content", {}).values()


def examples(operation: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Each example with the schema it belongs to."""
    for parameter in operation.get("parameters", ()):
        if "example" in parameter:
            yield parameter["schema"], parameter["example"]
    for body in bodies(operation):
        for example in body.get("examples", {}).values():
            yield body["schema"], example["value"]


def test_it_tags_every_operation_with_its_audiences(document: Any) -> None:
    tagged = {route: operation.get("tags", []) for route, operation in operations(document)}
    assert {route for route, tags in tagged.items() if not tags or not set(tags) <= set(AUDIENCES)} == set()
    assert tagged["POST /like"] == ["kiosk", "seed-compatible"]
    assert tagged["POST /curation/acts"] == ["curation"]
    assert tagged["GET /gpu-hosts"] == ["operator"]
    assert tagged["GET /wall/{zone}/manifest"] == ["wall"]
    assert [tag["name"] for tag in document["tags"]] == list(AUDIENCES)


def test_it_has_an_example_for_every_operation_that_fits_its_schema(document: Any) -> None:
    wrong = {}
    for route, operation in operations(document):
        found = list(examples(operation))
        if not found:
            wrong[route] = ["there is none"]
        for schema, example in found:
            validator = OAS30Validator(
                {"allOf": [schema], "components": document["components"]}, format_checker=oas30_format_checker
            )
            wrong.setdefault(route, []).extend(error.message for error in validator.iter_errors(example))
    assert {route: errors for route, errors in wrong.items() if errors} == {}


def test_it_names_json_for_bodies_and_forms_only_where_a_file_may_come(document: Any) -> None:
    forms = set()
    for route, operation in operations(document):
        types = operation.get("requestBody", {}).get("content", {})
        assert "*/*" not in types, route
        forms |= {route for kind in types if kind.startswith(("multipart/", "application/x-www-form"))}
    assert forms == {
        "POST /emotion",
        "POST /curation/images",
        "POST /curation/retouch/batches",
        "POST /curation/retouch/canvases",
        "POST /curation/retouch/versions",
    }


def parts_of(schema: Any, document: Any, above: tuple[str, ...] = ()) -> Iterator[Any]:
    """A schema and all that it is made of."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in above:
        return
    yield schema
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    inner += [part for key in ("allOf", "oneOf", "anyOf") for part in schema.get(key, ())]
    inner += [document["components"]["schemas"][name]] if name else []
    for part in inner:
        if isinstance(part, dict):
            yield from parts_of(part, document, (*above, name) if name else above)


def is_bounded(schema: Any) -> bool:
    return any("enum" in one or "maximum" in one for one in (schema, *schema.get("anyOf", ())))


def test_it_bounds_every_integer_that_is_sent(document: Any) -> None:
    sent = {
        route: [
            *(parameter["schema"] for parameter in operation.get("parameters", ())),
            *(body["schema"] for body in operation.get("requestBody", {}).get("content", {}).values()),
        ]
        for route, operation in operations(document)
    }
    integers = [
        (route, part)
        for route, schemas in sent.items()
        for schema in schemas
        for part in parts_of(schema, document)
        if part.get("type") == "integer"
    ]
    assert len(integers) > 20
    assert [(route, part) for route, part in integers if not is_bounded(part)] == []


def test_it_says_where_blank_is_refused_and_how_dates_are_written(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Like"]["properties"]["id"]["minLength"] == 1
    assert "minLength" not in schemas["Like"]["properties"]["eventId"]
    assert "minLength" not in schemas["Operation"]["properties"]["error"]
    assert {one["format"] for one in schemas["Filter"]["properties"]["since"]["anyOf"]} == {"date", "date-time"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/like", {"id": 5, "itemId": "emotions/calm/a_h.jpeg"}, "id"),
        ("/like", {"id": "", "itemId": "emotions/calm/a_h.jpeg"}, "id"),
        ("/like", {"id": "ann", "itemId": 7}, "itemId"),
        ("/garden", {"emotion": "calm", "generation": 3}, "generation"),
        ("/garden", {"emotion": "calm", "recommendationId": 3}, "recommendationId"),
        ("/gardenfromDB", {"emotion": 1.5}, "emotion"),
        ("/updateDisplay", {"zone": 1, "landscape": []}, "zone"),
        ("/sendToWall", {"keys": [1]}, "keys"),
    ],
)
def test_it_refuses_a_number_or_a_blank_where_the_document_says_text(
    api: APIClient, path: str, body: dict[str, Any], field: str
) -> None:
    answer = api.post(path, body, format="json")
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
