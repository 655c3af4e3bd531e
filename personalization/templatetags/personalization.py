"""The tags that put personalization into any template: ``{% load personalization %}``."""

from functools import partial

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString

from personalization.content.deciding.blocks import Showing
from personalization.content.finding.template_names import BLOCK, CTA
from personalization.content.serving.cutting import in_time
from personalization.placing import (
    WAYS,
    is_in_segment,
    place_block,
    place_body,
    place_cta,
    place_head,
    place_preferences_link,
    place_why_link,
)
from personalization.templatetags.attune_cache import personalized_cache, request_in

register = Library()


class PersonalizedBlockNode(Node):
    """A block: what stands between the tags is rendered only when it is what is shown."""

    names = BLOCK

    def __init__(self, key: FilterExpression, nodelist: NodeList, show: FilterExpression | None = None) -> None:
        self.key = key
        self.nodelist = nodelist
        self.show = show

    def render(self, context: Context) -> SafeString:
        """Render the variant that fits, the block's default, or the body."""
        return place_block(
            request_in(context),
            self.key.resolve(context),
            body=partial(self.nodelist.render, context),
            render_template=partial(_render_template, context),
            show=self.show.resolve(context) if self.show else None,
        )


class IfSegmentNode(Node):
    """One of two parts, depending on whether the visitor is in a segment; the other is not rendered."""

    child_nodelists = ("inside", "outside")

    def __init__(self, slug: FilterExpression, inside: NodeList, outside: NodeList) -> None:
        self.slug = slug
        self.inside = inside
        self.outside = outside

    def render(self, context: Context) -> SafeString:
        """Render the part for the visitor."""
        is_inside = is_in_segment(request_in(context), self.slug.resolve(context))
        return (self.inside if is_inside else self.outside).render(context)


@register.tag
def personalized_block(parser: Parser, token: Token) -> PersonalizedBlockNode:
    """``{% personalized_block "key" %}the default{% endpersonalized_block %}``, with ``show="deferred"`` if need be."""
    show = _show_of(parser, token)
    key = _only_argument(parser, token, 'a block\'s name, such as {% personalized_block "home-hero" %}')
    nodelist = parser.parse(("endpersonalized_block",))
    parser.delete_first_token()
    return PersonalizedBlockNode(key, nodelist, show)


@register.tag
def if_segment(parser: Parser, token: Token) -> IfSegmentNode:
    """``{% if_segment "slug" %}…{% else %}…{% endif_segment %}``; the second part may be left out."""
    slug = _only_argument(parser, token, 'a segment\'s name, such as {% if_segment "returning-visitors" %}')
    inside = parser.parse(("else", "endif_segment"))
    outside = NodeList()
    if parser.next_token().contents == "else":
        outside = parser.parse(("endif_segment",))
        parser.delete_first_token()
    return IfSegmentNode(slug, inside, outside)


class CallToActionNode(Node):
    """A call to action, as the visitor's segments see it."""

    names = CTA

    def __init__(self, key: FilterExpression) -> None:
        self.key = key

    def render(self, context: Context) -> SafeString:
        """Render the link, or nothing if there is no such call to action."""
        return place_cta(request_in(context), self.key.resolve(context))


@register.tag
def cta(parser: Parser, token: Token) -> CallToActionNode:
    """``{% cta "key" %}``."""
    return CallToActionNode(_only_argument(parser, token, 'a call to action\'s name, such as {% cta "join" %}'))


@register.simple_tag(takes_context=True)
def attune_head(context: Context) -> SafeString:
    """The styles and scripts, as external files: goes into the page's head."""
    return place_head(request_in(context))


@register.simple_tag(takes_context=True)
def attune_body(context: Context) -> SafeString:
    """The consent banner, the same for everybody: goes at the end of the page's body."""
    return place_body(request_in(context))


@register.simple_tag
def consent_preferences_link() -> SafeString:
    """A link to the page where visitors see and change what they agreed to."""
    return place_preferences_link()


@register.simple_tag
def why_link(key: object) -> SafeString:
    """A link to the page that tells visitors why they see what a block shows; the same for everybody."""
    return place_why_link(key)


def _only_argument(parser: Parser, token: Token, expected: str) -> FilterExpression:
    tag, *arguments = token.split_contents()
    if len(arguments) != 1:
        raise TemplateSyntaxError(f"{{% {tag} %}} takes {expected}; it was given {_counted(arguments)}.")
    if parser.tags.get("cache") is not personalized_cache and any(
        command == "cache" for command, _token in parser.command_stack
    ):
        raise TemplateSyntaxError(
            f"{{% {tag} %}} must not stand inside {{% cache %}} of another library: what the first visitor sees would "
            "be shown to everybody. Take the one that {% load cache %} brings, or put the {% cache %} around something "
            "else."
        )
    return parser.compile_filter(arguments[0])


def _counted(arguments: list[str]) -> str:
    return f"{len(arguments)} arguments: {' '.join(arguments)}" if arguments else "none"


def _show_of(parser: Parser, token: Token) -> FilterExpression | None:
    """Take ``show=`` off the tag. What is written there as text is checked at once."""
    words = token.split_contents()
    (*others, last) = words
    if len(words) < 3 or not last.startswith("show="):
        return None
    token.contents = " ".join(others)
    show = parser.compile_filter(last.removeprefix("show="))
    if isinstance(show.var, str) and show.var not in set(Showing):
        raise TemplateSyntaxError(f"{{% {words[0]} %}} takes show={WAYS}, not {last}.")
    return show


def _render_template(context: Context, name: str) -> str:
    if context.template is None:
        raise LookupError("A template can be rendered only while another one is.")
    template, watched = context.template.engine.get_template(name), in_time(context)
    with watched.push():
        return template.render(watched)
