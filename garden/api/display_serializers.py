"""The shapes of what is hung on walls, and of what walls are told."""

from typing import Any

from rest_framework import serializers

from garden.api.fields import StringField
from garden.models.display import SLOTS

KEY_MAX_LENGTH = 4096
AT_ONCE = 3
"""Pictures that a visitor sends at a time: as many as a kiosk shows."""


class KeysField(serializers.ListField):
    """Keys, or full URLs of pictures."""

    child = StringField(max_length=KEY_MAX_LENGTH)


class SlotsField(KeysField):
    """One for each slot from the first on; null leaves its slot alone."""

    child = StringField(max_length=KEY_MAX_LENGTH, allow_null=True)


class DisplaySerializer(serializers.Serializer[Any]):
    """A list that is missing leaves its orientation alone; fewer than eight keys fill the slots from the first on."""

    zone = StringField(max_length=200)
    landscape = SlotsField(max_length=len(SLOTS), required=False, allow_null=True, help_text="For slots 1h to 8h.")
    portrait = SlotsField(max_length=len(SLOTS), required=False, allow_null=True, help_text="For slots 1v to 8v.")


class SentSerializer(serializers.Serializer[Any]):
    keys = KeysField(min_length=1, max_length=AT_ONCE)


class HungSerializer(serializers.Serializer[Any]):
    zone = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the zone, with these pictures.")
    slots = serializers.ListField(child=serializers.CharField(), help_text="`3h`: where each picture hangs now.")


class ManifestSlotSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    url = serializers.CharField(help_text="A path of this site.")
    sha256 = serializers.CharField(help_text="Of the file, in hex.")
    emotion = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    souvenir = serializers.CharField(help_text="The address of its souvenir where walls show codes; otherwise empty.")


class ManifestSerializer(serializers.Serializer[Any]):
    zone = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    issued_at = serializers.DateTimeField()
    dark = serializers.BooleanField()
    shows_code = serializers.BooleanField()
    slots = serializers.DictField(child=ManifestSlotSerializer(), help_text="By slot: `3h`.")
