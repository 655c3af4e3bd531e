"""The model field for rich text: what the editor offers is what is kept, whoever saves."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from personalization.content.sanitizing import EDITOR_EXTENSIONS, clean_rich_text

if TYPE_CHECKING:
    RichText = models.TextField[str, str]
else:
    RichText = ProseEditorField


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
