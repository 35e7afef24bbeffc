"""The dashboard: each figure as a plot and as a table."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import render_page
from curation.dashboard.figures import read_figures, roll_up_all
from curation.dashboard.panels import decision_panels, keeping_panels, like_panels, stock_panel, work_panels


@require_safe
def show_dashboard(request: HttpRequest) -> HttpResponse:
    figures = read_figures()
    panels = [
        stock_panel(figures["stock"]),
        *work_panels(),
        *like_panels(figures["likes"]),
        *keeping_panels(figures["keeping"]),
        *decision_panels(figures["decisions"]),
    ]
    page = {"panels": panels, "may_change_targets": request.user.has_perm("curation.change_garden")}
    return render_page(request, "admin/curation/dashboard.html", _("Dashboard"), page)


@require_POST
def renew_dashboard(request: HttpRequest) -> HttpResponse:
    """Count everything now; takes as long as it takes."""
    roll_up_all()
    messages.success(request, _("Figures updated."))
    return redirect("curation:dashboard")
