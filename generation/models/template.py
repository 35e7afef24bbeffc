"""What curators keep to make pictures from: prompt templates, and presets of the page that makes pictures."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS
from garden.vocabulary import Emotion
from generation.prompts.templates import Template, TemplateError


class PromptTemplateQuerySet(models.QuerySet["PromptTemplate"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def in_turn(self) -> Self:
        """In the order of rotation within an emotion."""
        return self.order_by("emotion", "order", "id")

    def of_emotions(self, emotions: Iterable[str]) -> Self:
        return self.filter(emotion__in=list(emotions))

    def by_emotion(self) -> dict[Emotion, list[Template]]:
        """Templates by emotion, in order of rotation; emotions without a template are missing."""
        found: dict[Emotion, list[Template]] = {}
        for record in self.in_turn():
            found.setdefault(Emotion(record.emotion), []).append(record.template)
        return found


class PromptTemplate(models.Model):
    """A prompt with placeholders for one emotion; bulk jobs rotate the templates of an emotion."""

    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS)
    text = models.TextField(
        _("prompt"),
        help_text=_(
            "Phrases separated by commas, with [EMOTION] [ANIMAL] [WEATHER] [SEASON] [TIME]. "
            "A phrase whose axis has no value is left out."
        ),
    )
    negative = models.TextField(_("negative prompt"), blank=True, help_text=_("what the picture should not show"))
    active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("turn"), default=0, help_text=_("lower values come first"))

    objects = PromptTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt template")
        verbose_name_plural = _("prompt templates")
        ordering = ["emotion", "order", "id"]
        constraints = [
            models.CheckConstraint(
                name="template_emotion_known", condition=models.Q(emotion__in=[emotion for emotion, _ in EMOTIONS])
            ),
            models.CheckConstraint(name="template_has_words", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.emotion}: {self.text[:60]}"

    @property
    def template(self) -> Template:
        return Template(self.text, self.negative, self.pk)

    def clean(self) -> None:
        try:
            self.template.check()
        except TemplateError as error:
            raise ValidationError({"text": error.detail}) from error


class OrderPreset(models.Model):
    """Choices of the page that makes pictures, under a name."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    request = models.JSONField(_("settings"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("preset for new pictures")
        verbose_name_plural = _("presets for new pictures")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
