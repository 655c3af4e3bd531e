"""What is on trial: shown on the live site to the site's own staff, and to nobody else."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnTrial(models.Model):
    """A block, a campaign or a variant that can be tried out by the team first."""

    team_only = models.BooleanField(
        _("Show it to my team only"),
        default=False,
        help_text=_(
            "For a trial on the live site: those of your team who are logged in see it, and all others what they would "
            "see without it. No results count the trial."
        ),
    )

    class Meta:
        abstract = True
