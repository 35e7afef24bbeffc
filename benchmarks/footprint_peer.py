"""The peer of `benchmarks.footprint`: Django's own apps and REST framework, no models, one page."""

import sys

import django
from django.conf import settings
from django.contrib import admin
from django.core.management import execute_from_command_line
from django.test import Client
from django.urls import path

settings.configure(
    SECRET_KEY="only-for-a-benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "rest_framework",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    STATIC_URL="/static/",
)
django.setup()
urlpatterns = [path("admin/", admin.site.urls)]

if __name__ == "__main__":
    if sys.argv[1] == "check":
        execute_from_command_line(["", "check"])
    else:
        from benchmarks.footprint import memory

        assert Client(headers={"host": "localhost"}).get("/admin/login/").status_code == 200
        print(memory())
