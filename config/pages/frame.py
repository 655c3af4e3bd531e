"""What pages of the CMS put into the frame of every page, in place of `config.site.frame`."""

from cms.templatetags.cms_tags import CMSToolbar
from django.template import Library
from sekizai.templatetags.sekizai_tags import RenderBlock

register = Library()
register.tag("collected", RenderBlock)
register.tag("toolbar", CMSToolbar)
