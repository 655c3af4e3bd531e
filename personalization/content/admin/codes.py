"""The page of a stock of codes: how many are left, and adding more, by hand or from a file."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.codes.handing_out import add_codes
from personalization.content.codes.lists import InvalidCodes, read_codes
from personalization.content.codes.stocks import CodeStock
from personalization.content.revising.publishing import may_publish
from tracking.admin_lists import under_its_name

if TYPE_CHECKING:
    CodeStockModelAdmin = admin.ModelAdmin[CodeStock]
    CodeStockModelForm = forms.ModelForm[CodeStock]
else:  # Django's classes take no parameters when they run
    CodeStockModelAdmin, CodeStockModelForm = admin.ModelAdmin, forms.ModelForm

MOST_BYTES: Final = 5_000_000


class CodeStockForm(CodeStockModelForm):
    """A stock, and codes to be put into it. Those that are there stay."""

    more = forms.CharField(
        label=_("Add codes"),
        required=False,
        strip=False,
        help_text=_(
            "One a line. Those that are there already stay. They count at once, with no draft and no second person: "
            "codes are secrets, which no history keeps."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 40, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("or from a text file"),
        required=False,
        help_text=_("One code a line, in UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,text/plain"}),
    )

    class Meta:
        model = CodeStock
        fields = ("name",)

    def clean(self) -> dict[str, Any] | None:
        """Read the codes; each mistake is told with the numbers of its lines."""
        cleaned = super().clean()
        existing = set(self.instance.codes.values_list("code", flat=True)) if self.instance.pk else set()
        self.codes: list[str] = []
        for name in ("more", "file"):
            try:
                found = read_codes(_text(self.cleaned_data.get(name)), existing=existing)
            except InvalidCodes as error:
                self.add_error(name, ValidationError([ValidationError(one, code="codes") for one in error.mistakes]))
            else:
                self.codes += found
                existing |= set(found)
        return cleaned


@admin.register(CodeStock)
class CodeStockAdmin(CodeStockModelAdmin):
    """Stocks of codes for offers. Who got which is for the visitors themselves, and not shown here."""

    form = CodeStockForm
    list_display = ("name", "left")
    search_fields = ("name",)
    readonly_fields = ("left",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CodeStock]:
        """Count along."""
        stocks: QuerySet[CodeStock] = CodeStock.objects.counted()
        return stocks.order_by(Lower("name"), "id")

    def get_fields(self, request: HttpRequest, obj: CodeStock | None = None) -> tuple[str, ...]:
        """A new one has none yet; those who may only look, or not publish, have nothing to add."""
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        may_add = may_change and may_publish(request)
        return ("name", *(("left",) if obj else ()), *(("more", "file") if may_add else ()))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list by its name."""
        return super().changelist_view(request, under_its_name(self, extra_context))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Put the new codes into it."""
        super().save_related(request, form, formsets, change)
        if may_publish(request) and (added := add_codes(form.instance, form.codes)):
            self.message_user(request, _now("Codes added: %(count)s.") % {"count": f"{added:,}"})

    @admin.display(description=_("Codes left"))
    def left(self, stock: CodeStock) -> str:
        """So many of so many."""
        counts = {name: f"{getattr(stock, f'codes_{name}', 0):,}" for name in ("left", "all")}
        return _now("%(left)s of %(all)s") % counts


def _text(given: Any) -> str:
    if not isinstance(given, UploadedFile):
        return str(given or "")
    if (given.size or 0) > MOST_BYTES:
        raise InvalidCodes([_now("The file is too large: at most 5 MB are taken.")])
    try:
        return bytes(given.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidCodes([_now("The file is no text in UTF-8.")]) from error
