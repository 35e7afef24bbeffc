"""What templates of several pages share: `{% curation_pages as pages %}` is their navigation, `{% gpu_switch %}`."""

from typing import Any

from django import template

from curation.pages.gpu import switch_context
from curation.pages.navigation import PageLink, pages_for

register = template.Library()


@register.simple_tag(takes_context=True)
def curation_pages(context: dict[str, Any]) -> list[PageLink]:
    return pages_for(context["request"])


@register.inclusion_tag("admin/curation/studio_gpu.html", takes_context=True)
def gpu_switch(context: dict[str, Any]) -> dict[str, Any]:
    """`{% gpu_switch %}`: how the GPU hosts are, and their switch; nothing where the site has none."""
    return {"gpu": switch_context(context["request"])}
