"""Pictures that variants show: what matters in them, another cut for phones, what they show in each language."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import FileExtensionValidator, MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from personalization.content.pictures.files import FILES, files_of, keep_smaller, remove_later
from personalization.content.pictures.metadata import UPRIGHT, orientation_of, tells_for_good, without_metadata
from personalization.content.pictures.shrinking import MOST_PIXELS

MOST_BYTES: Final = 10 * 1024 * 1024
FORMATS: Final = frozenset({"JPEG", "PNG", "WEBP", "GIF", "AVIF"})
_EXTENSIONS: Final = ("jpg", "jpeg", "png", "webp", "gif", "avif")


def validate_picture(file: Any) -> None:
    """Refuse what no page should carry; what stands in the file counts, whatever it is called.

    Raises:
        ValidationError: with what is allowed.
    """
    if getattr(file, "_committed", False):
        return  # looked at when it came
    if file.size > MOST_BYTES:
        raise ValidationError(_("A picture has at most 10 MB."), code="size")
    found = getattr(getattr(file, "file", file), "image", None)
    if found is not None and found.format not in FORMATS:
        raise ValidationError(_("Use a JPEG, PNG, WebP, GIF or AVIF file."), code="format")
    if file.width * file.height > MOST_PIXELS:
        raise ValidationError(_("A picture has at most 40 million pixels."), code="pixels")
    data = _read(file)
    if tells_for_good(data):
        message = _(
            "This file tells how it was made, perhaps where. Save it without metadata, or as JPEG, PNG or WebP."
        )
        raise ValidationError(message, code="metadata")
    try:
        without_metadata(data)
    except ValueError:
        raise ValidationError(_("The file is not whole. Save it anew."), code="broken") from None


def _read(file: Any) -> bytes:
    file.seek(0)
    data: bytes = file.read()
    file.seek(0)
    return data


def _image(label: Any, size: str, **options: Any) -> models.ImageField:
    return models.ImageField(
        label,
        upload_to="attune/",
        width_field=f"{size}width",
        height_field=f"{size}height",
        validators=[FileExtensionValidator(_EXTENSIONS), validate_picture],
        **options,
    )


class Picture(models.Model):
    """One picture, as often as it is shown."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    image = _image(_("picture"), "", help_text=_("JPEG, PNG, WebP, GIF or AVIF, at most 10 MB."))
    narrow = _image(
        _("another for phones"), "narrow_", blank=True, help_text=_("For example a closer, upright cut of the same.")
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    narrow_width = models.PositiveIntegerField(null=True, editable=False)
    narrow_height = models.PositiveIntegerField(null=True, editable=False)
    # Of each file: the name, width and height of its smaller versions, in ascending widths.
    smaller = models.JSONField(default=dict, editable=False)
    focus_x = models.PositiveSmallIntegerField(
        _("What matters in it: percent from the left"), default=50, validators=[MaxValueValidator(100)]
    )
    focus_y = models.PositiveSmallIntegerField(
        _("percent from the top"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("It stays in view where the picture is cut. Click on the picture, or write the numbers."),
    )
    alt = models.JSONField(
        _("What it shows"), default=dict, help_text=_("Read to those who do not see it. In each language of the site.")
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = (Lower("name"), "id")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep of new files what a page needs, and no word of where and when they were taken; measure them as shown.

        Smaller versions are made of them; files that nothing shows any more go.
        """
        stored = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
        for name, size in FILES:
            file = getattr(self, name)
            if not file:
                self.smaller.pop(name, None)
            if not file or file._committed:
                continue
            data = without_metadata(_read(file.file))
            file.save(file.name, ContentFile(data), save=False)
            self.smaller[name] = keep_smaller(data, name=file.name, storage=file.storage)
            setattr(self, name, file.name)  # Django measures it now, and takes it for new no longer
            if orientation_of(data) > UPRIGHT:
                width, height = f"{size}width", f"{size}height"
                seen = {width: getattr(self, height), height: getattr(self, width)}
                self.__dict__.update(seen)
        super().save(*args, **kwargs)
        if stored is not None:
            remove_later(type(self), files_of(stored) - files_of(self))

    def clean(self) -> None:
        """Ask for what it shows in every language."""
        said = self.alt if isinstance(self.alt, dict) else {}
        missing = [str(name) for code, name in settings.LANGUAGES if not str(said.get(code, "")).strip()]
        if missing and len(settings.LANGUAGES) < 20:
            message = _("Say what it shows in: %(languages)s.")
            raise ValidationError(
                {"alt": ValidationError(message, code="missing", params={"languages": ", ".join(missing)})}
            )
