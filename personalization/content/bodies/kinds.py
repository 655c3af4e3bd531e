"""What every kind of body is: where editors fill it in, what is wrong with that, and how it is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from personalization.content.deciding.blocks import Body

if TYPE_CHECKING:
    from personalization.content.models import Variant


class NothingToShow(Exception):
    """A body has nothing for this visitor, and that is no mistake: the next variant that fits is shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body is rendered."""

    request: HttpRequest
    variant: str
    """The variant's id."""
    render_template: Callable[[str], str]
    """Renders the template of that name with the page's context."""
    render_cta: Callable[[str], str]
    """Decides and renders the call to action of that name."""


class BodyKind(Protocol):
    """One kind: everything that the rest of the room asks of it."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The rows of the variant's form that matter for this kind."""
        ...

    @property
    def makes_room(self) -> bool:
        """Whether it may have nothing for a visitor, so that others come after it."""
        ...

    def is_empty(self, variant: Variant) -> bool:
        """Say whether there is nothing that anybody could see."""
        ...

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """What keeps the variant from being shown, by field; asked of variants that are switched on as well as off."""
        ...

    def publish(self, variant: Variant) -> Body:
        """Compile what the variant shows. No more queries than the variant's own row has cost."""
        ...


def content_of(variant: Variant, name: str, usual: Any = "") -> Any:
    """What a variant's kind has put down under this name."""
    content = variant.content if isinstance(variant.content, dict) else {}
    return content.get(name, usual)
