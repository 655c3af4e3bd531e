"""What a customer fills in: a size on a product's page, an address at the checkout."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator

from config.site.models import Order, Product

if TYPE_CHECKING:
    OrderForm = forms.ModelForm[Order]
else:
    OrderForm = forms.ModelForm

COUNTRIES = (
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("DK", "Denmark"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("ES", "Spain"),
    ("SE", "Sweden"),
    ("CH", "Switzerland"),
    ("GB", "United Kingdom"),
)
MISSING = {
    "name": "Please tell us whom the parcel is for.",
    "email": "Please give an address that we can write to.",
    "street": "Please give the street and the number.",
    "postcode": "Please give the postcode.",
    "city": "Please give the town.",
    "country": "Please choose a country.",
}
A_LETTER = RegexValidator(r"[^\W\d_]", "Please write a name with at least one letter.")
A_POSTCODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9 \-]{2,11}$", "Please write a postcode such as 8020 or CA12 5AB.")


class SizeForm(forms.Form):
    """Which size to put in the cart; products without sizes ask nothing."""

    def __init__(self, product: Product, data: Any = None) -> None:
        super().__init__(data, initial={"size": product.usual_size}, label_suffix="")
        if product.sizes:
            self.fields["size"] = forms.ChoiceField(label="Size", choices=[(size, size) for size in product.sizes])


class CheckoutForm(OrderForm):
    """Where the parcel goes."""

    name = forms.CharField(
        label="Name", max_length=80, validators=[A_LETTER], widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    street = forms.CharField(
        label="Street and number",
        max_length=120,
        min_length=3,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postcode = forms.CharField(
        label="Postcode",
        max_length=12,
        validators=[A_POSTCODE],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label="Town",
        max_length=60,
        validators=[A_LETTER],
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label="Country",
        choices=[("", "Please choose"), *COUNTRIES],
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, missing in MISSING.items():
            self.fields[name].error_messages["required"] = missing

    class Meta:
        model = Order
        fields = ("name", "email", "street", "postcode", "city", "country")
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}
        help_texts = {"email": "Only for messages about this order."}
