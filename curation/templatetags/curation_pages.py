"""What templates of several pages share: `{% navigation %}`, `{% gpu_switch %}`."""

from typing import Any

from django import template

from curation.navigation import read_navigation
from curation.pages.gpu import may_look
from generation.gpu_hosts import get_host_controller

register = template.Library()


@register.inclusion_tag("admin/curation/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """The bar of areas and pages; nothing on a page of error or before the sign-in."""
    request = context.get("request")
    return read_navigation(request) if request and context.get("has_permission") else {"areas": [], "pages": []}


@register.inclusion_tag("admin/curation/gpu_switch.html", takes_context=True)
def gpu_switch(context: dict[str, Any]) -> dict[str, Any]:
    """The state of the GPU hosts and their switch; nothing where a site has none, or for who may not see them."""
    request = context["request"]
    shown = get_host_controller().manages and may_look(request)
    return {"shown": shown, "csrf_token": context.get("csrf_token")}
