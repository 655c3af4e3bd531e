"""The rows of a variant's form that belong to kinds of bodies, and where what they hold is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.images import SHAPES
from personalization.content.bodies.item_lists import MOST_ITEMS, USUAL_ITEMS
from personalization.content.bodies.items import sources
from personalization.content.bodies.registry import KINDS
from personalization.content.codes.lists import LONGEST_CODE
from personalization.content.conf import conf
from personalization.content.models import CallToAction, Campaign, CodeStock, Picture, Variant
from tracking.models import Goal

if TYPE_CHECKING:
    VariantModelForm = forms.ModelForm[Variant]
else:  # Django's class takes no parameters when it runs
    VariantModelForm = forms.ModelForm

KEPT: Final = (
    *("items_source", "items_count", "items_title"),
    *("picture_shape", "picture_link"),
    *("offer_code", "offer_terms", "offer_price"),
)
"""The rows that are no columns: they lie together in `Variant.content`, under these names."""
CHOSEN: Final[dict[str, type[Model]]] = {
    "campaign": Campaign,
    "cta": CallToAction,
    "picture": Picture,
    "code_stock": CodeStock,
    "rest_goal": Goal,
}
"""The rows that choose something made elsewhere in the admin."""
DEPENDS = _(
    "It depends on what each visitor did: no cache keeps a page with it, unless the block is shown "
    "“Right after the page”."
)

PERSONAL = _(
    "What is known about the visitor may stand in it: %(fields)s. No cache keeps a page with that, unless the block is "
    "shown “Right after the page”."
)


def source_choices() -> list[tuple[str, Any]]:
    """The lists that may be chosen."""
    return [("", _("Choose a list")), *((source.name, source.label) for source in sources())]


class BodyForm(VariantModelForm):
    """The part of a variant's form that says what is shown."""

    items_source = forms.ChoiceField(label=_("Which items"), choices=source_choices, required=False, help_text=DEPENDS)
    items_count = forms.IntegerField(
        label=_("How many at most"), min_value=1, max_value=MOST_ITEMS, initial=USUAL_ITEMS, required=False
    )
    items_title = forms.CharField(
        label=_("Heading above them"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    picture_shape = forms.ChoiceField(label=_("Cut to"), choices=list(SHAPES.items()), initial="whole", required=False)
    picture_link = forms.CharField(
        label=_("It leads to"),
        max_length=2000,
        required=False,
        help_text=_("An address, such as /magazine/. Left empty: nowhere."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    offer_code = forms.CharField(
        label=_("Code for everyone"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("All who see the offer see this code. Left empty, and without a stock: an offer without a code."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    offer_terms = forms.CharField(
        label=_("Terms"),
        max_length=1000,
        required=False,
        help_text=_("Small print beneath the offer. When it ends, “Until” says: that date is shown by itself."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    offer_price = forms.BooleanField(
        label=_("It changes a price for those who see it"),
        required=False,
        help_text=_("The offer then says that the price was set automatically for its reader: the law asks for that."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields and (names := conf.PERSONALIZATION_PERSONAL_FIELDS):
            fields = " ".join(f'{{{{ visitor.{name}|default:"…" }}}}' for name in names)
            self.fields["body"].help_text = PERSONAL % {"fields": fields}
            self.fields["body"].widget.attrs |= {
                "data-attune-fields": " ".join(names),
                "data-attune-insert": _("Insert what is known about the visitor"),
                "data-attune-otherwise": _("What do they read of whom it is not known?"),
            }
        for name in KEPT:
            if name in self.fields and name in self.instance.content:
                kept = self.instance.content[name]
                self.initial.setdefault(name, kept)
                # Where Django's admin looks for what it shows to those who may not change it.
                setattr(self.instance, name, dict(getattr(self.fields[name], "choices", ())).get(kept, kept))

    def clean(self) -> dict[str, Any] | None:
        """Put what is no column where it is kept."""
        cleaned = super().clean()
        kept = {name: self.cleaned_data[name] for name in KEPT if self.cleaned_data.get(name) not in (None, "", False)}
        if "body_kind" in self.cleaned_data:
            rows = KINDS[self.cleaned_data["body_kind"]].fields
            self.instance.content = {name: value for name, value in kept.items() if name in rows}
        return cleaned


class SharedChoices:
    """What all variants of a block choose among, read once for all of their forms."""

    def __init__(self) -> None:
        self._read: dict[str, list[tuple[Any, str]]] = {}

    def offer(self, form: forms.BaseForm) -> None:
        """Let the form's rows choose among them."""
        for name, model in CHOSEN.items():
            field = form.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                if name not in self._read:
                    self._read[name] = [("", "—"), *((row.pk, str(row)) for row in model._default_manager.all())]
                field.choices = self._read[name]
