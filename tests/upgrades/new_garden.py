"""Today's code on a database that was upgraded: what visitors get. Prints JSON."""

import json

import django


def main() -> dict[str, object]:
    django.setup()
    from rest_framework.test import APIClient

    from garden.models import Image
    from garden.privacy.processing_log import verify_record
    from tests.support import pictures
    from tests.support.kiosk import show_photo

    api = APIClient(SERVER_NAME="localhost")
    key = Image.objects.serving().values_list("key", flat=True)[0]
    liked = {"id": "ann", "itemId": key, "impression": [key]}
    return {
        "pending": api.get("/version").json()["pending"],
        "garden": api.post("/garden", {"id": "ann", "emotion": "calm"}, format="json").status_code,
        "like": api.post("/like", liked, format="json").status_code,
        "emotion": show_photo(api, pictures.portrait()).status_code,
        "kiosk": api.get("/kiosk/").status_code,
        "record": verify_record().problems,
    }


if __name__ == "__main__":
    print(json.dumps(main()))  # noqa: T201
