"""Who may let visitors see what is changed: a permission of its own, and a second person where the site wants one."""

from typing import Final

from django.http import HttpRequest

from personalization.content.conf import conf

PUBLISH: Final = "attune_content.publish_block"


def may_publish(request: HttpRequest) -> bool:
    """Whether this person may let visitors see what is changed."""
    return request.user.has_perm(PUBLISH)


def must_wait(*, may_publish: bool) -> bool:
    """Whether what this person changes waits as a draft for somebody else."""
    return conf.PERSONALIZATION_FOUR_EYES or not may_publish


def waits(request: HttpRequest) -> bool:
    """Whether what whoever asks saves waits as a draft for somebody else."""
    return must_wait(may_publish=may_publish(request))
