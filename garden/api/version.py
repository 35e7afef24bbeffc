"""Which version answers: for load balancers during an upgrade, and for whoever reports a fault."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from garden.version import describe_version


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(help_text="Of the program.")
    api = serializers.CharField(help_text="Of these routes.")
    schema = serializers.DictField(child=serializers.CharField(), help_text="The newest migration of each app.")
    pending = serializers.ListField(child=serializers.CharField(), help_text="Migrations that the database lacks.")


class VersionView(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(summary="Version of the program, the API and the database", responses={200: VersionSerializer})
    def get(self, request: Request) -> Response:
        return Response(describe_version(), headers={"Cache-Control": "no-store"})
