"""What people fill in: a size, an address for the parcel, an address for the letter, an account."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from config.site.models import Order, Product

if TYPE_CHECKING:
    OrderForm = forms.ModelForm[Order]
else:
    OrderForm = forms.ModelForm

COUNTRIES = (
    ("AT", _("Austria")),
    ("BE", _("Belgium")),
    ("DK", _("Denmark")),
    ("FI", _("Finland")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("IE", _("Ireland")),
    ("IT", _("Italy")),
    ("NL", _("Netherlands")),
    ("NO", _("Norway")),
    ("ES", _("Spain")),
    ("SE", _("Sweden")),
    ("CH", _("Switzerland")),
    ("GB", _("United Kingdom")),
)
MISSING = {
    "name": _("Please tell us whom the parcel is for."),
    "email": _("Please give an address that we can write to."),
    "street": _("Please give the street and the number."),
    "postcode": _("Please give the postcode."),
    "city": _("Please give the town."),
    "country": _("Please choose a country."),
}
A_LETTER = RegexValidator(r"[^\W\d_]", _("Please write a name with at least one letter."))
A_POSTCODE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9 \-]{2,11}$", _("Please write a postcode such as 8020 or CA12 5AB.")
)


class SizeForm(forms.Form):
    """Which size to put in the cart; products without sizes ask nothing."""

    def __init__(self, product: Product, data: Any = None) -> None:
        super().__init__(data, initial={"size": product.usual_size}, label_suffix="")
        if product.sizes:
            self.fields["size"] = forms.ChoiceField(label=_("Size"), choices=[(size, size) for size in product.sizes])


class CheckoutForm(OrderForm):
    """Where the parcel goes."""

    name = forms.CharField(
        label=_("Name"), max_length=80, validators=[A_LETTER], widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=120,
        min_length=3,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=12,
        validators=[A_POSTCODE],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Town"),
        max_length=60,
        validators=[A_LETTER],
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=[("", _("Please choose")), *COUNTRIES],
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
        help_texts = {"email": _("Only for messages about this order.")}


def _address_field() -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail"),
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": MISSING["email"]},
    )


class NewsletterForm(forms.Form):
    """The address that the letter goes to."""

    email = _address_field()

    def clean_email(self) -> str:
        """In small letters, so that nobody gets the letter twice."""
        address: str = self.cleaned_data["email"].lower()
        return address


class RegistrationForm(forms.Form):
    """A new account: an address and a password."""

    email = _address_field()
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please choose a password.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_email(self) -> str:
        """In small letters: it is the account's name."""
        address: str = self.cleaned_data["email"].lower()
        return address

    def clean(self) -> dict[str, Any]:
        """Hold the password to the rules; the address is one of the things that it must not resemble."""
        email, password = self.cleaned_data.get("email"), self.cleaned_data.get("password")
        if email and password:
            try:
                validate_password(password, get_user_model()(username=email, email=email))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class LogInForm(AuthenticationForm):
    """An address and a password; what is wrong is said without saying which of the two."""

    error_messages = {
        "invalid_login": _("This address and this password do not belong together."),
        "inactive": _("This address and this password do not belong together."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["username"] = _address_field()
        self.fields["password"].label = _("Password")
        self.fields["password"].error_messages["required"] = _("Please write your password.")

    def clean_username(self) -> str:
        """Accounts are named by their address, in small letters."""
        address: str = self.cleaned_data["username"].lower()
        return address


class ClosingForm(forms.Form):
    """The password once more, before an account is closed."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please write your password.")},
    )

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.user = user

    def clean_password(self) -> str:
        """It must be the account's."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password
