"""What the simulator adds to a visitor's page: whether the visitor is one of its own, and as whom."""

from __future__ import annotations

from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.site.simulator.selectors import simulated_as
from tracking.admin_panels import register_panel


def simulated_panel(visitor_id: UUID, /, *, person: bool) -> SafeString:
    """Real or simulated, and what the model knows of whom it made up."""
    return render_to_string("simulator/panel.html", {"simulated": simulated_as(visitor_id)})


def register_panels() -> None:
    """Add the panel; called once the app is ready."""
    register_panel(_("Real or simulated?"), simulated_panel)
