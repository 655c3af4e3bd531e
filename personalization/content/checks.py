"""System checks of content's settings.

personalization.E014  PERSONALIZATION_VARIANT_TEMPLATES has the wrong type
personalization.E015  PERSONALIZATION_VARIANT_TEMPLATES names a template that is not there
personalization.E017  PERSONALIZATION_MAX_PAGE_VERSIONS is no positive whole number
personalization.E021  PERSONALIZATION_PREFIX begins with a slash or does not end with one
personalization.E022  PERSONALIZATION_BLOCKS_PER_MINUTE is no positive whole number
personalization.E024  PERSONALIZATION_SLOW_VARIANT is no number of seconds
personalization.W023  a block picks its variants in a way that no app registers (only with ``check --database``)
personalization.E026  PERSONALIZATION_DATA_LAYER is neither true nor false
personalization.E025  PERSONALIZATION_DATA_LAYER_SEGMENTS is no list of segments' names
personalization.E030  PERSONALIZATION_GET_ITEMS names nothing that can be called
personalization.E045  PERSONALIZATION_GET_SAMPLES names nothing that can be called
personalization.E031  PERSONALIZATION_PERSONAL_FIELDS is no list of names
personalization.E032  PERSONALIZATION_FOUR_EYES is neither True nor False
personalization.W033  with PERSONALIZATION_FOUR_EYES fewer than two people may publish (only with ``check --database``)
"""

from collections.abc import Mapping, Sequence, Set
from inspect import iscoroutinefunction
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import FieldError
from django.db import DatabaseError, InterfaceError, router
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.module_loading import import_string

from personalization.content import strategies
from personalization.content.conf import conf
from personalization.content.revising.publishing import PUBLISH


def check_variant_templates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the allow-list is one, and that each of its templates can be loaded."""
    value = getattr(settings, "PERSONALIZATION_VARIANT_TEMPLATES", ())
    if not _is_allow_list(value):
        return [
            Error(
                "PERSONALIZATION_VARIANT_TEMPLATES must be a list of template names, "
                "or a mapping of template names to the names that editors see.",
                hint='For example {"variants/hero.html": "Large picture with a headline"}.',
                id="personalization.E014",
            )
        ]
    return [message for name in conf.PERSONALIZATION_VARIANT_TEMPLATES for message in _check_template(name)]


def check_page_versions(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the number of versions of a page is one."""
    value = getattr(settings, "PERSONALIZATION_MAX_PAGE_VERSIONS", 1)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return []
    return [
        Error(
            "PERSONALIZATION_MAX_PAGE_VERSIONS must be a positive whole number.",
            hint="For example 200; to keep no personalized page, take KeyMiddleware out of MIDDLEWARE.",
            id="personalization.E017",
        )
    ]


def check_blocks(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check where and how often blocks may be asked for."""
    messages: list[CheckMessage] = []
    prefix = getattr(settings, "PERSONALIZATION_PREFIX", "personalization/")
    if not isinstance(prefix, str) or prefix.startswith("/") or not prefix.endswith("/"):
        messages.append(
            Error(
                "PERSONALIZATION_PREFIX must be a path without a slash before and with one after.",
                hint='For example "personalization/".',
                id="personalization.E021",
            )
        )
    most = getattr(settings, "PERSONALIZATION_BLOCKS_PER_MINUTE", 1)
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        messages.append(
            Error(
                "PERSONALIZATION_BLOCKS_PER_MINUTE must be a positive whole number.",
                hint="For example 600.",
                id="personalization.E022",
            )
        )
    return messages


def check_slow_variant(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that what a variant may take is a time."""
    value = getattr(settings, "PERSONALIZATION_SLOW_VARIANT", 2)
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return []
    return [
        Error(
            "PERSONALIZATION_SLOW_VARIANT must be a number of seconds over 0.",
            hint="For example 2; what takes longer counts as a failure.",
            id="personalization.E024",
        )
    ]


def check_strategies(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of blocks whose strategy is gone: they show the first variant that fits."""
    from personalization.content.models import Block

    if router.db_for_read(Block) not in (databases or ()):
        return []
    known = [name for name, _ in strategies.choices()]
    try:
        gone = list(Block.objects.exclude(pick__in=known).order_by("key").values_list("key", "pick"))
    except (DatabaseError, InterfaceError):
        return []  # no table yet, or no database: not for this check to report
    return [
        Warning(
            f"The block {key!r} picks its variants by {pick!r}, which no app registers: it shows the first that fits.",
            hint="Install the app that brings it, or choose another way on the block's page in the admin.",
            id="personalization.W023",
        )
        for key, pick in gone
    ]


def check_get_items(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the site's functions are there."""
    return [
        *_check_function("PERSONALIZATION_GET_ITEMS", "shop.items.get_items", id="personalization.E030"),
        *_check_function("PERSONALIZATION_GET_SAMPLES", "shop.items.get_samples", id="personalization.E045"),
    ]


def _check_function(name: str, example: str, *, id: str) -> list[CheckMessage]:  # as checks call it
    value = getattr(settings, name, "") or ""
    try:
        function = import_string(value) if value else None
        if function is None or (callable(function) and not iscoroutinefunction(function)):
            return []
        problem = "it is async, and what makes pages is not" if callable(function) else "it cannot be called"
    except (ImportError, AttributeError, TypeError) as error:
        problem = str(error)
    hint = f'Name a function by its path, for example "{example}".'
    return [Error(f"{name} is {value!r}: {problem}.", hint=hint, id=id)]


def check_personal_fields(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that what texts may show is a list of names that can be written in texts."""
    value = getattr(settings, "PERSONALIZATION_PERSONAL_FIELDS", ()) or ()
    is_list = isinstance(value, Sequence | Set) and not isinstance(value, str)
    if is_list and all(isinstance(name, str) and name.isascii() and name.isidentifier() for name in value):
        return []
    return [
        Error(
            "PERSONALIZATION_PERSONAL_FIELDS must be a list of names made of letters, digits and underscores.",
            hint='For example ["first_name"].',
            id="personalization.E031",
        )
    ]


def check_data_layer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check what tag managers are told."""
    messages: list[CheckMessage] = []
    if not isinstance(getattr(settings, "PERSONALIZATION_DATA_LAYER", False), bool):
        messages.append(
            Error(
                "PERSONALIZATION_DATA_LAYER must be True or False.",
                hint="The segments to be told stand in PERSONALIZATION_DATA_LAYER_SEGMENTS.",
                id="personalization.E026",
            )
        )
    slugs = getattr(settings, "PERSONALIZATION_DATA_LAYER_SEGMENTS", ())
    if not isinstance(slugs, list | tuple) or not all(isinstance(slug, str) and slug for slug in slugs):
        messages.append(
            Error(
                "PERSONALIZATION_DATA_LAYER_SEGMENTS must be a list of segments' names in templates.",
                hint='For example ["boots-fans"].',
                id="personalization.E025",
            )
        )
    return messages


def check_four_eyes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the switch is one: a text such as "no" would count as yes."""
    if isinstance(getattr(settings, "PERSONALIZATION_FOUR_EYES", False), bool):
        return []
    return [
        Error(
            "PERSONALIZATION_FOUR_EYES must be True or False.",
            hint="With True, somebody other than its writer must publish each change of a block.",
            id="personalization.E032",
        )
    ]


def check_publishers(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where a second person is asked for and there is none: drafts would wait for ever."""
    people: Any = get_user_model()._default_manager
    if conf.PERSONALIZATION_FOUR_EYES is not True or router.db_for_read(people.model) not in (databases or ()):
        return []
    try:
        found = people.with_perm(PUBLISH, backend="django.contrib.auth.backends.ModelBackend")
        many = found.filter(is_staff=True).distinct().count()
    except (AttributeError, FieldError, TypeError, DatabaseError, InterfaceError):
        return []  # people of another kind, no table yet, or no database: not for this check to report
    if many >= 2:
        return []
    return [
        Warning(
            "PERSONALIZATION_FOUR_EYES asks for a second person to publish, and fewer than two of the staff may.",
            hint=f'Give "{PUBLISH}" to two people at least; the group “Attune: editors” has it.',
            id="personalization.W033",
        )
    ]


def connect() -> None:
    """Register the checks; called once the app is ready."""
    register(check_data_layer)
    register(check_personal_fields, Tags.compatibility)
    register(check_get_items, Tags.compatibility)
    register(check_page_versions, Tags.caches)
    register(check_four_eyes, Tags.security)
    register(check_blocks, Tags.urls)
    register(check_variant_templates, Tags.templates)
    register(check_strategies, Tags.database)
    register(check_publishers, Tags.database)
    register(check_slow_variant, Tags.templates)


def _is_allow_list(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(name, str) for name in value)
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(name, str) for name in value)


def _check_template(name: str) -> list[CheckMessage]:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        problem = "no template has this name"
    except TemplateSyntaxError as error:
        problem = f"it cannot be compiled: {error}"
    else:
        return []
    return [
        Error(
            f"PERSONALIZATION_VARIANT_TEMPLATES names {name!r}: {problem}.",
            hint="Correct the name, add the template, or take it off the list.",
            id="personalization.E015",
        )
    ]
