"""The demo shop in the admin: its orders, to look at, and who gets the letter."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from config.site.accounts import leaving_link
from config.site.models import Order, OrderLine, Subscriber
from tracking.admin_lists import under_its_name

if TYPE_CHECKING:
    OrderLines = admin.TabularInline[OrderLine, Order]
    Orders = admin.ModelAdmin[Order]
    Subscribers = admin.ModelAdmin[Subscriber]
else:
    OrderLines = admin.TabularInline
    Orders = admin.ModelAdmin
    Subscribers = admin.ModelAdmin


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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, under_its_name(self, extra_context))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Subscriber)
class SubscriberAdmin(Subscribers):
    list_display = ("email", "language", "joined_at")
    fields = ("email", "language", "joined_at", "link")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, under_its_name(self, extra_context))

    @admin.display(description="Link for the letters")
    def link(self, subscriber: Subscriber) -> str:
        """What whoever writes the letters puts at their end."""
        return leaving_link(subscriber)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
