"""The demo shop in the admin: its orders, to look at."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from config.site.models import Order, OrderLine

if TYPE_CHECKING:
    OrderLines = admin.TabularInline[OrderLine, Order]
    Orders = admin.ModelAdmin[Order]
else:
    OrderLines = admin.TabularInline
    Orders = admin.ModelAdmin


class OrderLineInline(OrderLines):
    model = OrderLine
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(Orders):
    list_display = ("number", "placed_at", "value", "country")
    inlines = (OrderLineInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
