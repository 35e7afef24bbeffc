"""Who asks: nobody, each group of staff, and who may do everything."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http.cookie import SimpleCookie
from django.test import Client

from tests.curation.cast import member

GROUPS = ("viewer", "curator", "publisher", "operator")
PEOPLE = ("anonymous", *GROUPS, "superuser")


@dataclass(frozen=True)
class Person:
    kind: str
    cookies: str

    def client(self) -> Client:
        """As they came in: what the last request did to the session is forgotten."""
        client = Client()
        client.cookies = SimpleCookie(self.cookies)
        return client


def meet(kind: str) -> Person:
    client = Client()
    if kind in GROUPS:
        client.force_login(member(kind, f"wandering-{kind}"))
    elif kind == "superuser":
        client.force_login(User.objects.create_superuser(f"wandering-{kind}"))
    return Person(kind, client.cookies.output(header="", sep=";"))
