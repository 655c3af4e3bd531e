"""Names for inputs that Django's admin leaves without: in lines beneath column headings, and halves of a moment."""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext as _


def name_moments(form: forms.BaseForm) -> None:
    """Say of both halves of a moment what it is, and which half: Django labels neither for screen readers."""
    for field in form.fields.values():
        if isinstance(field.widget, AdminSplitDateTime):
            day, time = field.widget.widgets
            day.attrs["aria-label"] = _("%(name)s: day") % {"name": field.label}
            time.attrs["aria-label"] = _("%(name)s: time") % {"name": field.label}


def name_columns(form: forms.BaseForm) -> None:
    """Give each input of a line the name of its column; boxes to tick have labels of their own."""
    for field in form.fields.values():
        if not isinstance(field.widget, forms.CheckboxSelectMultiple):
            field.widget.attrs.setdefault("aria-label", str(field.label))
