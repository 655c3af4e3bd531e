"""{% simulated_visitors %}: the strip on every page of the admin that says how many of the visitors are simulated."""

from __future__ import annotations

from typing import Any

from django import template

from config.site.simulator.selectors import population
from tracking.counts import may_see_small_counts, people_in_words

register = template.Library()


@register.inclusion_tag("simulator/strip.html", takes_context=True)
def simulated_visitors(context: template.Context) -> dict[str, Any]:
    """Say it to whoever is logged in; nothing while nobody is simulated."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_active or not user.is_staff:
        return {}
    found = population()
    exact = may_see_small_counts(user)
    return {
        "simulated": found.planned > 0 or found.simulated > 0,
        "filling": found.done < found.planned,
        "done": people_in_words(found.done, exact=True),
        "planned": people_in_words(found.planned, exact=True),
        "people": people_in_words(found.simulated, exact=True),
        "others": people_in_words(found.others, exact=exact),
    }
