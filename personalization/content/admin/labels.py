"""Names for inputs that Django's admin leaves without: those in lines beneath column headings."""

from __future__ import annotations

from django import forms


def name_columns(form: forms.BaseForm) -> None:
    """Give each input of a line the name of its column; boxes to tick have labels of their own."""
    for field in form.fields.values():
        if not isinstance(field.widget, forms.CheckboxSelectMultiple):
            field.widget.attrs.setdefault("aria-label", str(field.label))
