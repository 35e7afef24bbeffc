"""`/text2image`: pictures of one prompt, in the response if they are finished in time."""

import json
import random
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.shortcuts import render
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import CuratorView, curator
from garden.api.fields import validated
from garden.storage.serving import PublicUrls
from generation.api.serializers import StillWorkingSerializer, Text2ImageAnswerSerializer, Text2ImageSerializer
from generation.engines.base import SINGLE, EngineUnavailableError, PictureRequest
from generation.jobs import submit_named
from generation.models import GenerationJob
from generation.models.job import Priority
from generation.orders import SEEDS, single_pictures
from generation.queue.progress import finished_keys, first_error, sentence_of, wait_if_free

SAME_SITE = ("same-origin", "none")
"""`Sec-Fetch-Site` of pages of this site, and of typed addresses."""


class Text2ImageView(CuratorView):
    permission = change_permission = "generation.add_generationjob"

    @extend_schema(
        summary="Make pictures of a prompt",
        request=Text2ImageSerializer,
        responses={200: Text2ImageAnswerSerializer, 202: StillWorkingSerializer},
    )
    def post(self, request: Request) -> Response:
        data = validated(Text2ImageSerializer, request.data)
        begun = time.monotonic()
        user = curator(request)
        job = submit_single(data, user)
        if not wait_if_free(job, by=user, seconds=settings.TEXT2IMAGE_WAIT_SECONDS):
            return _still_working(request, job)
        urls = _urls(request, job)
        if "width" in data:
            return Response({"statusCode": 200, "body": json.dumps(urls), "time": round(time.monotonic() - begun, 3)})
        return Response({"statusCode": 200, "body": urls[0] if len(urls) == 1 else json.dumps(urls)})

    @extend_schema(
        summary="A page with one picture of a prompt",
        description="It changes state. Under a session the browser must say in `Sec-Fetch-Site` that the address was "
        "typed or followed on this site; with `Authorization: Token …` any program may ask.",
        parameters=[OpenApiParameter("prompt", str, required=True)],
        responses={(200, "text/html"): str, (202, "text/html"): str},
    )
    def get(self, request: Request) -> Any:
        _refuse_other_sites(request)
        serializer = Text2ImageSerializer(data={"text": request.query_params.get("prompt", "")})
        if not serializer.is_valid():
            raise ValidationError({"prompt": serializer.errors["text"]})
        user = curator(request)
        job = submit_single(serializer.validated_data, user)
        done = wait_if_free(job, by=user, seconds=settings.TEXT2IMAGE_WAIT_SECONDS)
        pictures = _urls(request, job) if done else []
        page = {"prompt": serializer.validated_data["text"], "pictures": pictures, "job": job}
        return render(request._request, "generation/text2image.html", page, status=200 if done else 202)


def _refuse_other_sites(request: Request) -> None:
    """Refuse requests of other sites, which carry the session cookie but not this header value."""
    by_session = isinstance(request.successful_authenticator, SessionAuthentication)
    if by_session and request.headers.get("Sec-Fetch-Site") not in SAME_SITE:
        raise PermissionDenied(
            "Sec-Fetch-Site must be same-origin or none under a session: open the address from this site or type it, "
            "POST with the CSRF token, or send Authorization: Token …."
        )


def submit_single(data: dict[str, Any], user: AbstractBaseUser) -> GenerationJob:
    """Queue the pictures with a higher priority than bulk jobs."""
    width, height = (data["width"], data["height"]) if "width" in data else SINGLE
    request = PictureRequest(
        prompt=data["text"],
        width=width,
        height=height,
        seed=data["seed"] if "seed" in data else random.randrange(SEEDS),
        negative_prompt=data["negative"],
        model=data["model"],
        steps=data["steps"],
        guidance_scale=data["guidance"],
    )
    described = {
        "title": data["text"][:200],
        "engine": data["engine"],
        "owner": user,
        "priority": Priority.SINGLE,
    }
    return submit_named(lambda name: single_pictures(request, data["num_images"], name), **described)


def _urls(request: Request, job: GenerationJob) -> list[str]:
    url_of = PublicUrls(request)
    urls = [url_of.signed(key) for key in finished_keys(job)]
    if not urls:
        raise EngineUnavailableError(sentence_of(first_error(job)) or "No picture was made.")
    return urls


def _still_working(request: Request, job: GenerationJob) -> Response:
    url = request.build_absolute_uri(reverse("job", args=[job.pk]))
    return Response({"job": str(job.pk), "url": url}, status=202)
