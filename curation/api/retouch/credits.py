"""What the curator may spend."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.retouch.finding import RetouchView
from garden.api.curators import curator
from generation.credits import price_of, standing_of


class CreditsSerializer(serializers.Serializer[Any]):
    plan = serializers.CharField()
    left = serializers.IntegerField(allow_null=True, help_text="Null: there is no limit.")
    most = serializers.IntegerField(allow_null=True, help_text="So many are kept.")
    daily = serializers.IntegerField(allow_null=True, help_text="So many come at midnight.")
    price = serializers.IntegerField(help_text="Of a picture by the usual engine.")
    prices = serializers.DictField(child=serializers.IntegerField(), help_text="Of a picture by each engine.")


class CreditsView(RetouchView):
    @extend_schema(summary="Credits that are left", responses={200: CreditsSerializer})
    def get(self, request: Request) -> Response:
        return Response(describe_credits(curator(request)))


def describe_credits(user: AbstractBaseUser) -> dict[str, Any]:
    prices = {engine: price_of(engine) for engine in settings.GENERATION_ENGINES}
    return {**asdict(standing_of(user)), "price": price_of(), "prices": prices}
