"""The forms of lists, pictures and offers in pages: the rows that variants of the admin have for the same kinds."""

from typing import Any, ClassVar

from personalization.content.bodies.forms import KEPT, BodyForm
from personalization.djangocms.models import BodyPlugin


class BodyPluginForm(BodyForm):
    """What one plugin shows."""

    plugin: ClassVar[str] = ""
    """The plugin's name, by which the model knows the kind of its body."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plugin: Any = self.instance
        plugin.plugin_type = plugin.plugin_type or self.plugin
        for name in set(KEPT).difference(plugin.kind.fields):
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any] | None:
        """Put what is no column where it is kept."""
        cleaned = super().clean()
        rows = set(KEPT).intersection(self.fields)
        kept = {name: self.cleaned_data.get(name) for name in rows}
        self.instance.content = {name: value for name, value in kept.items() if value not in (None, "", False)}
        return cleaned


class ItemListForm(BodyPluginForm):
    """Which items, how many, and what stands above them."""

    plugin = "ItemListPlugin"

    class Meta:
        model = BodyPlugin
        fields = ()


class PictureForm(BodyPluginForm):
    """Which picture, how it is cut, and where it leads."""

    plugin = "PicturePlugin"

    class Meta:
        model = BodyPlugin
        fields = ("picture",)


class OfferForm(BodyPluginForm):
    """What is offered, its code, and its terms."""

    plugin = "OfferPlugin"

    class Meta:
        model = BodyPlugin
        fields = ("body", "code_stock")
