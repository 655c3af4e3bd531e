"""Addresses that pages fetch blocks from."""

from django.urls import path

from personalization.content.conf import conf
from personalization.content.serving.codes import codes
from personalization.content.serving.data_layer import segments
from personalization.content.serving.explaining import decisions
from personalization.content.serving.overlay import overlay
from personalization.content.serving.why_page import why_page
from personalization.content.views import blocks, blocks_script

app_name = "personalization"
urlpatterns = [
    path(f"{conf.PERSONALIZATION_PREFIX}blocks/", blocks, name="blocks"),
    path(f"{conf.PERSONALIZATION_PREFIX}codes/", codes, name="codes"),
    path(f"{conf.PERSONALIZATION_PREFIX}decisions/", decisions, name="decisions"),
    path(f"{conf.PERSONALIZATION_PREFIX}overlay/", overlay, name="overlay"),
    path(f"{conf.PERSONALIZATION_PREFIX}why/", why_page, name="why"),
    path(f"{conf.PERSONALIZATION_PREFIX}segments/", segments, name="segments"),
    path(f"{conf.PERSONALIZATION_PREFIX}blocks.js", blocks_script, name="blocks-script"),
]
