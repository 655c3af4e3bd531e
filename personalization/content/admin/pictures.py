"""The page of a picture: what it shows in each language, and what matters in it, by a click or by numbers."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.forms.renderers import get_default_renderer
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.revisions import HistoryForm, RevisionsAdmin
from personalization.content.pictures.files import IMAGE
from personalization.content.pictures.models import Picture
from tracking.admin_lists import under_its_name

if TYPE_CHECKING:
    PictureModelForm = forms.ModelForm[Picture]
else:  # Django's classes take no parameters when they run
    PictureModelForm = forms.ModelForm


class AltWidget(forms.MultiWidget):
    """An input for each language."""

    use_fieldset = True

    def __init__(self) -> None:
        super().__init__(
            {
                code: forms.TextInput(attrs={"class": "vTextField", "lang": code})
                for code, _language in settings.LANGUAGES
            }
        )

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Each input under the name of its language."""
        shown = renderer or get_default_renderer()
        inputs = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        lines = (
            (language, SafeString(shown.render(one["template_name"], {"widget": one})))
            for (_code, language), one in zip(settings.LANGUAGES, inputs, strict=True)
        )
        return format_html_join("", '<label class="attune-alt"><span>{}</span> {}</label>', lines)

    def decompress(self, value: Any) -> list[str]:
        """The texts in the order of the languages."""
        said = value if isinstance(value, dict) else {}
        return [str(said.get(code, "")) for code, _name in settings.LANGUAGES]


class AltField(forms.MultiValueField):
    """What a picture shows, in each language."""

    def __init__(self, **kwargs: Any) -> None:
        fields = [forms.CharField(max_length=500, required=False) for _language in settings.LANGUAGES]
        super().__init__(fields, require_all_fields=False, widget=AltWidget(), **kwargs)

    def compress(self, data_list: Any) -> dict[str, str]:
        """By language."""
        codes = (code for code, _name in settings.LANGUAGES)
        return {code: text.strip() for code, text in zip(codes, data_list, strict=False) if text.strip()}


class PictureForm(HistoryForm, PictureModelForm):
    """A picture and what belongs to it."""

    class Meta:
        model = Picture
        fields = ("name", "image", "narrow", "focus_x", "focus_y", "alt")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "alt" in self.fields:  # those who may only look get no fields
            told = self.fields["alt"]
            self.fields["alt"] = AltField(label=told.label, help_text=told.help_text, required=False)


@admin.register(Picture)
class PictureAdmin(RevisionsAdmin):
    """Pictures for variants."""

    form = PictureForm
    about_drafts = _(
        "Pages show a new file once it is published; whoever knows its address can open it before. A file that is "
        "replaced stays stored, so that it can be brought back, until the picture is deleted."
    )
    list_display = ("name", "small")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "image", ("focus_x", "focus_y"), "alt")}),
        (_("More: another cut for phones"), {"fields": ("narrow",), "classes": ("collapse",)}),
    )

    class Media:
        css = {"all": ("personalization/content/picture.css",)}  # how Django's media are declared
        js = ("personalization/content/picture.js",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list by its name."""
        return super().changelist_view(request, under_its_name(self, extra_context))

    @admin.display(description=_("Picture"))
    def small(self, picture: Picture) -> SafeString | str:
        """The picture, small."""
        if not picture.image:
            return _now("none")
        smallest = next(iter(picture.smaller.get(IMAGE, ())), None)
        url = picture.image.storage.url(smallest[0]) if smallest else picture.image.url
        return format_html('<img class="attune-thumbnail" src="{}" alt="" loading="lazy">', url)
