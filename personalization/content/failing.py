"""What is remembered of variants that fail, and of blocks that are not the admin's: paused, or switched off."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from personalization.content.failures import in_words


class Failing(models.Model):
    """Something that is shown and may fail: how often it did in a row, and whether that switched it off."""

    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    # One bit for each drawer of addresses that it failed for: no address is in it, and none can be told from it.
    failed_for = models.BigIntegerField(default=0, editable=False)
    failure = models.CharField(max_length=200, default="", editable=False)
    broken_at = models.DateTimeField(_("switched off after errors"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def why_failing(self) -> str:
        """What went wrong last, for who reads it now."""
        return in_words(self.failure)


class FailingElsewhere(Failing):
    """A variant of a source of blocks, such as a page of a CMS, that failed; it may be there in several versions."""

    uuid = models.UUIDField(primary_key=True)
    block = models.CharField(_("block"), max_length=200, db_index=True)

    class Meta:
        verbose_name = _("variant of a page that failed")
        verbose_name_plural = _("variants of pages that failed")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.uuid)


class PausedElsewhere(models.Model):
    """While its row is there, the block of a source that is called so shows to everybody what everyone else sees."""

    key = models.CharField(_("block"), max_length=200, primary_key=True)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("pause of a block in a page")
        verbose_name_plural = _("pauses of blocks in pages")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
