"""One more row of every model that the admin lists, each with relatives of its own."""

import uuid
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone
from rest_framework.authtoken.models import Token, TokenProxy

from curation.models import (
    BulkOperation,
    BulkOperationItem,
    Collection,
    Decision,
    Fingerprint,
    Release,
    ReleaseChange,
)
from garden.models import (
    Alarm,
    Assignment,
    AuditEntry,
    Consent,
    DailyCount,
    DeviceHealth,
    Display,
    Image,
    ImageFile,
    Kiosk,
    KioskKey,
    Playlist,
    PlaylistPicture,
    ProcessingEntry,
    ShowTime,
    SouvenirLink,
    Visitor,
    WallChange,
    Webhook,
    WebhookDelivery,
    Zone,
)
from garden.privacy.processing_log import append
from generation.models import (
    BatchItem,
    Canvas,
    CreditAccount,
    CreditCharge,
    CreditPlan,
    GenerationJob,
    OrderPreset,
    PromptTemplate,
    RetouchBatch,
    RetouchPreset,
    Slot,
    TagReading,
    TagWord,
    Version,
    Worker,
)
from recommend.bandit.context import GROUPS
from recommend.models import (
    ImageRate,
    Interaction,
    Ledger,
    OutgoingEvent,
    Slate,
    Trial,
)
from tests.curation.alike import placed
from tests.generation.jobs import ask_for
from tests.support.factories import ImageFactory, KioskFactory, VisitorFactory

RowFactory = Callable[[], models.Model]


def _name() -> str:
    return uuid.uuid4().hex


def user() -> User:
    return User.objects.create_user(_name(), is_staff=True)


def job() -> GenerationJob:
    return ask_for(1, name=_name(), owner=user())


def operation() -> BulkOperation:
    return BulkOperation.objects.create(kind=BulkOperation.Kind.REMOVE, by=user(), total=1)


def release() -> Release:
    number = Release.objects.filter(garden_id="calm").count() + 1
    return Release.objects.create(
        garden_id="calm", number=number, live_at=timezone.now(), by=user(), operation=operation()
    )


def slate() -> Slate:
    return Slate.objects.create(
        visitor=VisitorFactory(), kiosk=KioskFactory(), emotion="calm", recommender="x", personalized=True
    )


def interaction() -> Interaction:
    image, visitor = ImageFactory.create(), VisitorFactory.create()
    shown: dict[str, Any] = {"impression": [image.key], "exposed": [image.pk], "slate": slate(), "group": GROUPS[0]}
    shown |= {"sequence": Ledger.objects.take()[0], "pseudonym": image.pk, "hour": 12}
    return Interaction.objects.create(visitor=visitor, kind="like", image=image, item_key=image.key, **shown)


def zone() -> Zone:
    return Zone.objects.create(name=_name())


def display() -> Display:
    return Display.objects.create(zone=zone(), number=1, orientation="landscape")


def playlist() -> Playlist:
    return Playlist.objects.create(zone=zone(), name=_name())


def show_time() -> ShowTime:
    shown = playlist()
    return ShowTime.objects.create(zone=shown.zone, playlist=shown, begins=time(9), ends=time(17))


def link() -> SouvenirLink:
    later = timezone.now() + timedelta(days=30)
    return SouvenirLink.objects.create(code=_name()[:12], image=ImageFactory.create(), expires_at=later)


def entry() -> ProcessingEntry:
    append([ProcessingEntry(step="received", photo=uuid.uuid4())])
    return ProcessingEntry.objects.latest("sequence")


def webhook() -> Webhook:
    return Webhook.objects.create(name=_name(), address="https://example.org/")


def alarm() -> Alarm:
    return Alarm.objects.create(kiosk=KioskFactory.create(), kind=Alarm.Kind.SILENT)


def canvas() -> Canvas:
    return Canvas.objects.create(
        title=_name(),
        file=_name(),
        content_hash="0" * 64,
        width=640,
        height=640,
        by=user(),
        image=ImageFactory.create(),
    )


def version() -> Version:
    place = {"x": 0, "y": 0, "width": 64, "height": 64}
    on = canvas()
    parent = Version.objects.create(canvas=on, number=1, seed=1, folder=_name(), by=user(), **place)
    return Version.objects.create(canvas=on, number=2, parent=parent, seed=1, folder=_name(), by=user(), **place)


def batch() -> RetouchBatch:
    return RetouchBatch.objects.create(title=_name(), fingerprint="0" * 64, by=user(), job=job())


def reading() -> TagReading:
    return TagReading.objects.create(canvas=canvas(), x=0, y=0, width=64, height=64, by=user())


ROWS: dict[type[models.Model], RowFactory] = {
    Image: ImageFactory.create,
    Kiosk: KioskFactory.create,
    KioskKey: lambda: KioskKey.objects.create_key(name=_name(), kiosk=KioskFactory())[0],
    Visitor: VisitorFactory.create,
    DeviceHealth: lambda: DeviceHealth.objects.create(kiosk=KioskFactory.create()),
    Alarm: alarm,
    AuditEntry: lambda: AuditEntry.objects.create(kind="request", who=_name()),
    Consent: lambda: Consent.objects.create(kiosk=KioskFactory.create(), pack="eu", notice="x", language="en"),
    ProcessingEntry: entry,
    Interaction: interaction,
    OutgoingEvent: lambda: OutgoingEvent.objects.create(visitor=VisitorFactory.create(), payload={}),
    Trial: lambda: Trial.objects.create(
        challenger={},
        champion={},
        share=0.1,
        started_by="pia",
        stopped_at=timezone.now(),
        stopped_by="pia",
        stopped_because="x",
    ),
    Slate: slate,
    ImageRate: lambda: ImageRate.objects.create(image=ImageFactory.create(), group=GROUPS[0]),
    GenerationJob: job,
    Slot: lambda: job().slots.get(),
    Worker: lambda: Worker.objects.create(name=_name()),
    Canvas: canvas,
    CreditPlan: lambda: CreditPlan.objects.create(name=_name(), daily=5),
    CreditAccount: lambda: CreditAccount.objects.create(user=user()),
    CreditCharge: lambda: CreditCharge.objects.create(version=uuid.uuid4(), user=user(), amount=1),
    Version: version,
    RetouchBatch: batch,
    BatchItem: lambda: BatchItem.objects.create(batch=batch(), number=1, name=_name(), version=version()),
    TagReading: reading,
    TagWord: lambda: TagWord.objects.create(text=_name(), kind="plant"),
    OrderPreset: lambda: OrderPreset.objects.create(name=_name(), by=user()),
    RetouchPreset: lambda: RetouchPreset.objects.create(name=_name(), by=user()),
    PromptTemplate: lambda: PromptTemplate.objects.create(emotion="calm", text=_name()),
    Collection: lambda: Collection.objects.create(name=_name(), by=user()),
    Decision: lambda: Decision.objects.create(event=uuid.uuid4(), image=ImageFactory.create(), curator=user(), key="x"),
    BulkOperation: operation,
    BulkOperationItem: lambda: BulkOperationItem.objects.create(
        operation=operation(), image=ImageFactory.create(), key=_name()
    ),
    Release: release,
    ReleaseChange: lambda: ReleaseChange.objects.create(
        release=release(), image=ImageFactory.create(), key=_name(), change="add"
    ),
    Zone: zone,
    Display: display,
    ShowTime: show_time,
    Playlist: playlist,
    PlaylistPicture: lambda: PlaylistPicture.objects.create(playlist=playlist(), image=ImageFactory.create()),
    SouvenirLink: link,
    DailyCount: lambda: DailyCount.objects.create(name=_name(), day=timezone.localdate(), count=1),
    Assignment: lambda: Assignment.objects.create(
        zone=zone(), number=1, orientation="landscape", image=ImageFactory.create(), source="api"
    ),
    Webhook: webhook,
    WebhookDelivery: lambda: WebhookDelivery.objects.create(webhook=webhook(), event="picture_liked"),
    WallChange: lambda: WallChange.objects.create(zone=zone(), version=1, source="api"),
    ImageFile: lambda: ImageFile.objects.create(image=ImageFactory.create(), made_at=timezone.now()),
    Fingerprint: lambda: placed(0),
    Group: lambda: Group.objects.create(name=_name()),
    User: user,
    TokenProxy: lambda: Token.objects.create(user=user()),
}
