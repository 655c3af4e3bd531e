"""Dates and times as editors fill them in: by the browser's own pickers, and by the clocks of a time zone."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from personalization.content.deciding.schedule import WEEKDAYS
from personalization.content.mixins import zone_named

_DAY: Final = {"type": "date", "class": "attune-moment"}
_TIME: Final = {"type": "time", "class": "attune-moment"}
_LOOK: Final = {"all": ("personalization/content/moments.css",)}


class MomentWidget(forms.SplitDateTimeWidget):
    """A day and a time. The browser's pickers write both as people of its language do, and cannot be cut off."""

    class Media:
        css = _LOOK  # how Django's media are declared

    def __init__(self, name: str) -> None:
        super().__init__(
            date_format="%Y-%m-%d",  # what these inputs take, whatever the language
            time_format="%H:%M",
            date_attrs=_DAY | {"aria-label": _("%(name)s: day") % {"name": name}},
            time_attrs=_TIME | {"aria-label": _("%(name)s: time") % {"name": name}},
        )


class ZonedDateTimeField(forms.SplitDateTimeField):
    """A date and a time by the clocks of one time zone."""

    def __init__(self, field: forms.Field, zone: ZoneInfo) -> None:
        super().__init__(
            label=field.label, help_text=field.help_text, required=field.required, widget=MomentWidget(str(field.label))
        )
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        """Show an instant by the zone's clocks."""
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.make_naive(value, self.zone).replace(second=0, microsecond=0)  # as the inputs show it
        return value

    def compress(self, data_list: Any) -> Any:
        """Read what was typed by the zone's clocks."""
        with timezone.override(self.zone):
            return super().compress(data_list)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is shown with what was typed."""
        return super().has_changed(self.prepare_value(initial), data)


def time_zones() -> list[str]:
    """The names of time zones to choose among."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def offer_times(form: "forms.ModelForm[Any]") -> None:
    """Let the form's schedule be given by the clocks of its time zone."""
    if "weekdays" in form.fields:
        form.fields["weekdays"] = forms.MultipleChoiceField(
            label=form.fields["weekdays"].label,
            help_text=form.fields["weekdays"].help_text,
            choices=list(zip(WEEKDAYS, WEEKDAYS_ABBR.values(), strict=True)),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    for hours in ("hours_from", "hours_until"):
        if hours in form.fields:
            form.fields[hours].widget = forms.TimeInput(_TIME, format="%H:%M")
    if "time_zone" in form.fields:
        form.fields["time_zone"].widget.attrs |= {"list": "attune-time-zones", "placeholder": settings.TIME_ZONE}
    name = form.data.get(form.add_prefix("time_zone"), "") if form.is_bound else form.instance.time_zone
    zone = zone_named(str(name).strip())
    for moment in ("starts_at", "ends_at"):
        if moment in form.fields:
            form.fields[moment] = ZonedDateTimeField(form.fields[moment], zone)
