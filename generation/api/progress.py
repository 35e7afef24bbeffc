"""How a job goes while somebody watches: counts, time left, new pictures, and what went wrong in words."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import CuratorView
from garden.api.etag import answer_unless_known
from garden.api.serializers import ErrorSerializer
from garden.storage.thumbnails import thumbnail_key
from garden.storage.urls import PublicUrls
from generation.api.serializers import JobSerializer
from generation.models import GenerationJob, Slot
from generation.queue.eta import workers_online
from generation.queue.events import finished_slots, reasons


class MadePictureSerializer(serializers.Serializer[Any]):
    slot = serializers.IntegerField()
    image = serializers.IntegerField(allow_null=True, help_text="Null once the picture was purged.")
    key = serializers.CharField()
    url = serializers.URLField()
    thumb = serializers.URLField(help_text="May not be made yet: show `url` then.")
    emotion = serializers.CharField(help_text="`calm` or `calm/cat`.")
    orientation = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    prompt = serializers.CharField()
    finishedAt = serializers.DateTimeField()


class ReasonSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()
    pictures = serializers.IntegerField()
    failed = serializers.BooleanField(help_text="For good; otherwise they are tried again.")


class ProgressSerializer(JobSerializer):
    pictures = MadePictureSerializer(many=True)
    cursor = serializers.CharField(help_text="Send it as `after` to hear of newer pictures.")
    reasons = ReasonSerializer(many=True)
    workers = serializers.IntegerField(help_text="Workers online for what still waits.")


class JobProgressView(CuratorView):
    permission = "generation.view_generationjob"

    @extend_schema(
        summary="How a job goes, and its newest pictures",
        description="With `If-None-Match` the answer is 304 until something changed. A picture may come twice.",
        parameters=[OpenApiParameter("after", str, description="The cursor of the last answer.")],
        responses={200: ProgressSerializer, 304: None, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, pk: str) -> Response:
        job = get_object_or_404(GenerationJob.objects.with_counts(), pk=pk)
        return answer_unless_known(request, describe_progress(job, request))


def describe_progress(job: GenerationJob, request: Request) -> dict[str, Any]:
    url_of = PublicUrls(request)
    portion = finished_slots(job, request.query_params.get("after", ""))
    return {
        **JobSerializer(job).data,
        "pictures": [_describe(slot, url_of) for slot in portion.slots],
        "cursor": portion.cursor,
        "reasons": [
            {"detail": reason.detail, "pictures": reason.pictures, "failed": reason.failed} for reason in reasons(job)
        ],
        "workers": sum(workers_online(engine) for engine in job.slots.open().engines()),
    }


def _describe(slot: Slot, url_of: PublicUrls) -> dict[str, Any]:
    image = slot.image
    return {
        "slot": slot.pk,
        "image": image and image.pk,
        "key": slot.key,
        "url": url_of(slot.key),
        "thumb": url_of(thumbnail_key(slot.key)),
        "emotion": image.emotion_path if image else "",
        "orientation": slot.orientation,
        "width": slot.width,
        "height": slot.height,
        "prompt": slot.prompt,
        "finishedAt": slot.finished_at,
    }
