"""The sites of this installation, as editors choose among them, where ``django.contrib.sites`` knows of several."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def own_sites() -> dict[int, str]:
    """The sites to choose among, by their ids; none where there is only one. One query."""
    if not apps.is_installed("django.contrib.sites"):
        return {}
    from django.contrib.sites.models import Site

    sites = {site.pk: site.name or site.domain for site in Site.objects.order_by("name", "domain")}
    return sites if len(sites) > 1 else {}


def offer_sites(form: "forms.ModelForm[Any]", sites: Mapping[int, str]) -> None:
    """Let the form's sites be ticked, if it has a field for them; those that are chosen stay, though they are gone."""
    if "sites" in form.fields:
        gone = {pk: f"#{pk}" for pk in form.instance.sites if pk not in sites}
        form.fields["sites"] = forms.TypedMultipleChoiceField(
            label=form.fields["sites"].label,
            help_text=form.fields["sites"].help_text,
            choices=[*sites.items(), *gone.items()],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


def validate_sites(value: Any) -> None:
    """Refuse what is no list of sites' ids.

    Raises:
        ValidationError: with what is allowed.
    """
    if not (isinstance(value, list) and all(isinstance(pk, int) and not isinstance(pk, bool) for pk in value)):
        raise ValidationError(_("Give a list of ids of sites, such as 1."), code="sites")
