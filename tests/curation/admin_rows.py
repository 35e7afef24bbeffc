"""One more row of every model that the admin lists, each with relatives of its own."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone
from rest_framework.authtoken.models import Token, TokenProxy

from curation.models import (
    Act,
    ActItem,
    AlikeGroup,
    Apart,
    Decision,
    Figures,
    Likeness,
    Release,
    ReleaseChange,
    Settlement,
    Target,
    Vote,
)
from garden.models import (
    Alarm,
    AlarmNotice,
    DeviceHealth,
    Hanging,
    Image,
    ImageFile,
    Kiosk,
    KioskKey,
    Playlist,
    SetAsideMessage,
    Thumbnail,
    Visitor,
    WallChange,
    Zone,
)
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.models import GenerationJob, HostEvent, PromptTemplate, Slot, Worker
from recommend.learning.groups import GROUPS
from recommend.models import ImageRate, Interaction, Ledger, OutgoingEvent, Slate, Trial
from tests.curation.alike import placed
from tests.factories import ImageFactory, KioskFactory, VisitorFactory
from tests.generation.jobs import ask_for

Maker = Callable[[], models.Model]


def _name() -> str:
    return uuid.uuid4().hex


def user() -> User:
    return User.objects.create_user(_name(), is_staff=True)


def job() -> GenerationJob:
    return ask_for(1, name=_name(), owner=user())


def act() -> Act:
    return Act.objects.create(kind=Act.Kind.REMOVE, by=user(), total=1)


def release() -> Release:
    number = Release.objects.filter(garden_id="calm").count() + 1
    return Release.objects.create(garden_id="calm", number=number, live_at=timezone.now(), by=user(), act=act())


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


def target() -> Target:
    """There are sixteen, each once."""
    pairs = [(emotion, orientation) for emotion, _ in EMOTIONS for orientation, _ in ORIENTATIONS]
    emotion, orientation = pairs[Target.objects.count()]
    return Target.objects.create(emotion=emotion, orientation=orientation)


def alarm() -> Alarm:
    return Alarm.objects.create(kiosk=KioskFactory.create(), kind=Alarm.Kind.SILENT)


ROWS: dict[type[models.Model], Maker] = {
    Image: ImageFactory.create,
    Kiosk: KioskFactory.create,
    KioskKey: lambda: KioskKey.objects.create_key(name=_name(), kiosk=KioskFactory())[0],
    Visitor: VisitorFactory.create,
    ImageFile: lambda: ImageFile.objects.create(image=ImageFactory.create(), size=1, modified_at=timezone.now()),
    SetAsideMessage: lambda: SetAsideMessage.objects.create(message_id=_name(), body="{}", error="x"),
    DeviceHealth: lambda: DeviceHealth.objects.create(kiosk=KioskFactory.create()),
    Alarm: alarm,
    AlarmNotice: lambda: AlarmNotice.objects.create(alarm=alarm(), event="raised", channel="email"),
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
    HostEvent: lambda: HostEvent.objects.create(switch="start", by=user()),
    PromptTemplate: lambda: PromptTemplate.objects.create(emotion="calm", text=_name()),
    Vote: lambda: Vote.objects.create(image=ImageFactory.create(), curator=user(), verdict="like"),
    Decision: lambda: Decision.objects.create(event=uuid.uuid4(), image=ImageFactory.create(), curator=user(), key="x"),
    Act: act,
    ActItem: lambda: ActItem.objects.create(act=act(), image=ImageFactory.create(), key=_name()),
    Release: release,
    ReleaseChange: lambda: ReleaseChange.objects.create(
        release=release(), image=ImageFactory.create(), key=_name(), change="add"
    ),
    Zone: zone,
    Playlist: lambda: Playlist.objects.create(zone=zone(), name=_name()),
    Hanging: lambda: Hanging.objects.create(
        zone=zone(), number=1, orientation="landscape", image=ImageFactory.create(), source="api"
    ),
    WallChange: lambda: WallChange.objects.create(zone=zone(), version=1, source="api"),
    Thumbnail: lambda: Thumbnail.objects.create(image=ImageFactory.create(), made_at=timezone.now()),
    Likeness: lambda: placed(0),
    AlikeGroup: AlikeGroup.objects.create,
    Settlement: lambda: Settlement.objects.create(how="keep_all", best=ImageFactory.create(), by=user()),
    Apart: lambda: Apart.objects.create(first=ImageFactory.create(), second=ImageFactory.create()),
    Target: target,
    Figures: lambda: Figures.objects.create(name=_name(), data={}),
    Group: lambda: Group.objects.create(name=_name()),
    User: user,
    TokenProxy: lambda: Token.objects.create(user=user()),
}
