"""The CMS's toolbar: from a page to what it looks like to somebody else, and to all that is personalized."""

from __future__ import annotations

from cms.toolbar_base import CMSToolbar
from cms.toolbar_pool import toolbar_pool
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _


@toolbar_pool.register
class PersonalizationToolbar(CMSToolbar):
    """A menu of its own, for those who may see blocks."""

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
            blocks = reverse("admin:attune_djangocms_personalizedblock_changelist")
            menu.add_link_item(_("Blocks in pages"), url=blocks)
