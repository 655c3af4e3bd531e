"""The CMS's toolbar: from a page to what it looks like to somebody else, and to all that is personalized."""

from __future__ import annotations

from typing import Any

from cms.toolbar_base import CMSToolbar
from cms.toolbar_pool import toolbar_pool
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from personalization.content.previewing.preview import is_preview
from personalization.djangocms.beside import blocks_of, may_look_at


@toolbar_pool.register
class PersonalizationToolbar(CMSToolbar):
    """A menu of its own, for those who may see blocks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_preview(self.request):  # nobody but staff sees the CMS's bar
            self.toolbar.show_toolbar = False

    def populate(self) -> None:
        """Add the menu."""
        if not self.request.user.has_perm("attune_content.view_block"):
            return
        menu = self.toolbar.get_or_create_menu("attune", _("Personalization"))
        # While a page is edited its own address is another one; before it is published it has none.
        public = getattr(self.toolbar.get_object(), "get_absolute_url", lambda: self.request.path)()
        if public:
            preview = f"{reverse('admin:attune_content_block_preview_as')}?{urlencode({'url': public})}"
            menu.add_link_item(_("Preview as …"), url=preview)
        menu.add_link_item(_("Start page"), url=reverse("admin:attune_content_start"))
        if self.request.user.has_perm("attune_djangocms.view_personalizedblock"):
            self._add_side_by_side(menu)
            blocks = reverse("admin:attune_djangocms_personalizedblock_changelist")
            menu.add_link_item(_("Blocks in pages"), url=blocks)

    def _add_side_by_side(self, menu: Any) -> None:
        """A way to each block of the version that is open."""
        blocks = [block for block in blocks_of(self.toolbar.get_object()) if may_look_at(self.request.user, block)]
        if blocks:
            all_variants = menu.get_or_create_menu("attune-side-by-side", _("All variants side by side"))
            for block in blocks:
                url = reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[block.pk])
                all_variants.add_link_item(block.name, url=url)
