"""`{% curation_pages as pages %}`: the navigation between the curators' pages."""

from typing import Any

from django import template

from curation.pages.navigation import PageLink, pages_for

register = template.Library()


@register.simple_tag(takes_context=True)
def curation_pages(context: dict[str, Any]) -> list[PageLink]:
    return pages_for(context["request"])
