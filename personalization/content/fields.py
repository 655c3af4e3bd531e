"""The model field for rich text: what the editor offers is what is kept, whoever saves."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

from personalization.content.sanitizing import EDITOR_EXTENSIONS, clean_rich_text

if TYPE_CHECKING:
    from django import forms

    RichText = models.TextField[str, str]
    RichTextForm = forms.CharField
else:
    RichText = ProseEditorField
    RichTextForm = ProseEditorFormField


class RichTextFormField(RichTextForm):
    """The editor, with nothing in it that could run: it builds its text into the page before it looks at it."""

    def prepare_value(self, value: Any) -> Any:
        """Sanitize what is about to be edited: rows may come from other hands than the admin's."""
        return clean_rich_text(value) if isinstance(value, str) else value


class RichTextField(RichText):
    """Text with formatting, sanitized when a form cleans it *and* when a model is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", dict(EDITOR_EXTENSIONS))
        kwargs.setdefault("sanitize", clean_rich_text)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Sanitize what code assigned without going through a form."""
        cleaned = clean_rich_text(str(getattr(model_instance, self.attname) or ""))
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def formfield(self, **kwargs: Any) -> Any:
        """The form field that sanitizes on the way out as well."""
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})
