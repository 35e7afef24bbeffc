"""Jobs over REST."""

from dataclasses import asdict
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from garden.api.curators import CuratorView, curator
from garden.api.etag import answer_unless_known
from garden.api.fields import validated
from garden.api.serializers import errors
from garden.storage.serving import PublicUrls
from garden.storage.thumbnails import thumbnail_key
from generation import jobs
from generation.api.serializers import BulkAnswerSerializer, BulkSerializer, JobSerializer
from generation.models import GenerationJob, Slot
from generation.models.job import JobState
from generation.orders import pair_of, seed_of
from generation.prompts.templates import bulk_prompt
from generation.queue.progress import finished_keys, finished_slots, reasons, workers_online

PAGE = 50
_COUNT = {"type": "integer", "minimum": 0, "maximum": 99_999_999}


class BulkView(CuratorView):
    permission = change_permission = "generation.add_generationjob"

    @extend_schema(
        summary="Make a landscape and a portrait picture",
        description="Idempotent; the same `fname` and `index` with another prompt is a 409.",
        request=BulkSerializer,
        responses={200: BulkAnswerSerializer, **errors(409)},
    )
    def post(self, request: Request) -> Response:
        data, sent = validated(BulkSerializer, request.data), dict(request.data)
        index, fname, parts = data["index"], data["fname"], data["prompt"]
        prompt = bulk_prompt(parts["emotionText"] or parts["emotion"], parts["favorite"], parts["others"])
        job = jobs.submit_job(
            title=f"{fname}_{index}",
            pictures=pair_of(prompt, fname, index),
            owner=curator(request),
            request_key=f"bulk:{seed_of(fname)}:{index}:{fname}"[:128],
            request=sent,
        )
        if job.slots.exclude(prompt=prompt).exists():
            raise jobs.KeyTakenError("This fname and index were used with another prompt.", job=str(job.pk))
        return Response({**sent, "job": str(job.pk)})


class JobListView(CuratorView):
    permission = "generation.view_generationjob"

    @extend_schema(
        summary="Jobs, newest first",
        parameters=[
            OpenApiParameter("start", _COUNT, default=0),
            OpenApiParameter("limit", _COUNT, default=PAGE),
            OpenApiParameter("state", str, enum=JobState.values, description="Only jobs in this state."),
        ],
        responses=JobSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        start, limit = (_number(request, name, default) for name, default in (("start", 0), ("limit", PAGE)))
        state = request.query_params.get("state", "")
        if state and state not in JobState.values:
            raise ValidationError({"state": f"It must be one of {', '.join(JobState.values)}."})
        page = GenerationJob.objects.by_staff().in_state(state).newest(min(limit, PAGE), start).with_counts()
        return Response([JobSerializer(job).data for job in page])


class JobView(CuratorView):
    permission = "generation.view_generationjob"

    @extend_schema(
        summary="State of a job",
        description="With `If-None-Match` the response is 304 until something changes.",
        responses={200: JobSerializer, 304: None},
    )
    def get(self, request: Request, pk: str) -> Response:
        job = get_object_or_404(GenerationJob.objects.with_counts(), pk=pk)
        return answer_unless_known(request, describe_job(job, request))


class JobActionView(CuratorView):
    change_permission = "generation.change_generationjob"
    action = ""

    @extend_schema(
        summary="Pause, resume, cancel or retry a job",
        description="Idempotent. 409 (`wrong_job_state`) if the job's state does not allow the action.",
        request=None,
        responses={200: JobSerializer, **errors(409)},
    )
    def post(self, request: Request, pk: str) -> Response:
        jobs.ACTIONS[self.action](job=get_object_or_404(GenerationJob, pk=pk))
        return Response(describe_job(GenerationJob.objects.with_counts().get(pk=pk), request))


def describe_job(job: GenerationJob, request: Request) -> dict[str, Any]:
    url_of = PublicUrls(request)
    return {**JobSerializer(job).data, "images": [url_of(key) for key in finished_keys(job)]}


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 9 else default


class MadePictureSerializer(serializers.Serializer[Any]):
    slot = serializers.IntegerField()
    image = serializers.IntegerField(allow_null=True, help_text="Null once the picture was purged.")
    key = serializers.CharField()
    url = serializers.URLField()
    thumb = serializers.URLField(help_text="Use `url` while it does not exist yet.")
    emotion = serializers.CharField(help_text="`calm` or `calm/cat`.")
    orientation = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    prompt = serializers.CharField()
    finishedAt = serializers.DateTimeField()


class ReasonSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()
    pictures = serializers.IntegerField()
    failed = serializers.BooleanField(help_text="True: final. False: they are tried again.")


class ProgressSerializer(JobSerializer):
    pictures = MadePictureSerializer(many=True)
    cursor = serializers.CharField(help_text="Send it as `after` to get newer pictures.")
    reasons = ReasonSerializer(many=True)
    workers = serializers.IntegerField(help_text="Online workers for the open slots.")


class JobProgressView(CuratorView):
    permission = "generation.view_generationjob"

    @extend_schema(
        summary="Progress of a job and its newest pictures",
        description="With `If-None-Match` the response is 304 until something changes. Pictures may repeat.",
        parameters=[OpenApiParameter("after", str, description="The cursor of the previous response.")],
        responses={200: ProgressSerializer, 304: None},
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
        "reasons": [asdict(reason) for reason in reasons(job)],
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
