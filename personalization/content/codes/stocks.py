"""Codes that are given away, each to one person: kept in stocks that offers draw from."""

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from personalization.content.codes.lists import LONGEST_CODE


class CodeStockQuerySet(models.QuerySet["CodeStock"]):
    """Stocks and how full they are."""

    def counted(self) -> "CodeStockQuerySet":
        """Bring along how many codes there are (`codes_all`) and how many are left (`codes_left`)."""
        left = Count("codes", filter=Q(codes__handed_at__isnull=True))
        return self.annotate(codes_all=Count("codes"), codes_left=left)


class CodeStock(models.Model):
    """Codes for one offer, in however many places it stands: each visitor gets one of them, once."""

    name = models.CharField(
        _("name"), max_length=200, unique=True, help_text=_("By which variants choose it. Visitors do not see it.")
    )
    is_sold_out = models.BooleanField(default=True, editable=False)  # it begins empty

    objects = models.Manager.from_queryset(CodeStockQuerySet)()

    class Meta:
        verbose_name = _("stock of codes")
        verbose_name_plural = _("stocks of codes")
        ordering = (Lower("name"), "id")

    def __str__(self) -> str:
        return self.name


class OfferCode(models.Model):
    """One code of a stock, and to whom it was given. Who withdraws is forgotten; the code stays given."""

    stock = models.ForeignKey(CodeStock, on_delete=models.CASCADE, related_name="codes", verbose_name=_("stock"))
    code = models.CharField(_("code"), max_length=LONGEST_CODE)
    handed_at = models.DateTimeField(_("given away"), null=True, editable=False)
    visitor_id = models.UUIDField(null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["stock", "code"], name="attune_content_one_code"),
            models.UniqueConstraint(fields=["stock", "visitor_id"], name="attune_content_one_code_a_visitor"),
        )
        indexes = (
            models.Index(fields=["stock", "id"], condition=Q(handed_at__isnull=True), name="attune_content_codes_left"),
        )

    def __str__(self) -> str:
        return self.code
