"""`{% script_catalog %}` is the address of the words that scripts of this page's language need."""

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from garden.pages.script_catalog import catalog_of

register = template.Library()


@register.simple_tag
def script_catalog() -> str:
    language = get_language() or "en"
    return reverse("script-catalog", args=[language, catalog_of(language)[1]])
