"""What remains of a withdrawal: that it happened, and when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class WithdrawalMark(models.Model):
    """A keyed hash of a visitor id and the time of its latest withdrawal: proofs given before it are refused.

    It names nobody: without the visitor's own cookie and SECRET_KEY the hash leads nowhere.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    withdrawn_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("withdrawal mark")
        verbose_name_plural = _("withdrawal marks")
        default_permissions: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.digest[:8]}… at {self.withdrawn_at:%Y-%m-%d %H:%M}"
