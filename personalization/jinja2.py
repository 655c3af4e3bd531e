"""The tags for templates of Jinja2: `PersonalizationExtension`, to be named among the environment's extensions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from django.template.backends.jinja2 import Jinja2
from django.utils.safestring import SafeString
from jinja2 import TemplateNotFound, nodes
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.parser import Parser
from jinja2.runtime import Context

from personalization.content.deciding.blocks import Showing
from personalization.content.finding.template_names import register_reader
from personalization.content.serving.cutting import pieces_in_time, render_in_time
from personalization.jinja2_names import uses_in_jinja2
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

register_reader(Jinja2, uses_in_jinja2)

_EXPECTED: Final = {
    "personalized_block": "a block's name",
    "if_segment": "a segment's name",
    "cta": "a call to action's name",
    "why_link": "a block's name",
}


class PersonalizationExtension(Extension):
    """The same tags as in Django's templates, by the same names; they read the template's ``request``."""

    tags = {
        *("personalized_block", "if_segment", "cta"),
        *("attune_head", "attune_body", "consent_preferences_link", "why_link"),
    }

    def parse(self, parser: Parser) -> nodes.Node:
        """Make a node of one tag."""
        tag = next(parser.stream)
        parse: Callable[[Parser, Token], nodes.Node] = getattr(self, f"_parse_{tag.value}")
        return parse(parser, tag)

    def _parse_personalized_block(self, parser: Parser, tag: Token) -> nodes.Node:
        key = self._name(parser, tag)
        show = self._show(parser, tag)
        body = parser.parse_statements(("name:endpersonalized_block",), drop_needle=True)
        call = self.call_method("_block", [key, show, nodes.DerivedContextReference()], lineno=tag.lineno)
        return nodes.CallBlock(call, [], [], body, lineno=tag.lineno)

    def _parse_if_segment(self, parser: Parser, tag: Token) -> nodes.Node:
        slug = self._name(parser, tag)
        inside = parser.parse_statements(("name:else", "name:endif_segment"))
        outside: list[nodes.Node] = []
        if next(parser.stream).test("name:else"):
            outside = parser.parse_statements(("name:endif_segment",), drop_needle=True)
        test = self.call_method("_in_segment", [slug, nodes.ContextReference()], lineno=tag.lineno)
        return nodes.If(test, inside, [], outside, lineno=tag.lineno)

    def _parse_cta(self, parser: Parser, tag: Token) -> nodes.Node:
        return self._output("_cta", tag, self._name(parser, tag), nodes.ContextReference())

    def _parse_attune_head(self, parser: Parser, tag: Token) -> nodes.Node:
        return self._output("_head", tag, nodes.ContextReference())

    def _parse_attune_body(self, parser: Parser, tag: Token) -> nodes.Node:
        return self._output("_body", tag, nodes.ContextReference())

    def _parse_consent_preferences_link(self, parser: Parser, tag: Token) -> nodes.Node:
        return self._output("_preferences_link", tag)

    def _parse_why_link(self, parser: Parser, tag: Token) -> nodes.Node:
        return self._output("_why_link", tag, self._name(parser, tag))

    def _output(self, method: str, tag: Token, *arguments: nodes.Expr) -> nodes.Node:
        call = self.call_method(method, list(arguments), lineno=tag.lineno)
        return nodes.Output([call], lineno=tag.lineno)

    def _name(self, parser: Parser, tag: Token) -> nodes.Expr:
        if parser.stream.current.type == "block_end":
            parser.fail(f"{{% {tag.value} %}} takes {_EXPECTED[tag.value]}, in quotes or as a variable.", tag.lineno)
        return parser.parse_expression()

    def _show(self, parser: Parser, tag: Token) -> nodes.Expr:
        """Take ``show=`` off the tag, with or without a comma before it. What is written as text is checked at once."""
        parser.stream.skip_if("comma")
        if not parser.stream.skip_if("name:show"):
            return nodes.Const(None)
        parser.stream.expect("assign")
        show = parser.parse_expression()
        if isinstance(show, nodes.Const) and show.value not in set(Showing):
            parser.fail(f"{{% {tag.value} %}} takes show={WAYS}, not show={show.value!r}.", tag.lineno)
        return show

    def _block(self, key: object, show: object, context: Context, caller: Callable[[], str]) -> SafeString:
        return place_block(
            context.get("request"), key, body=caller, render_template=partial(_render_template, context), show=show
        )

    def _in_segment(self, slug: object, context: Context) -> bool:
        return is_in_segment(context.get("request"), slug)

    def _cta(self, key: object, context: Context) -> SafeString:
        return place_cta(context.get("request"), key)

    def _head(self, context: Context) -> SafeString:
        return place_head(context.get("request"))

    def _body(self, context: Context) -> SafeString:
        return place_body(context.get("request"))

    def _why_link(self, key: object) -> SafeString:
        return place_why_link(key)

    def _preferences_link(self) -> SafeString:
        return place_preferences_link()


def _render_template(context: Context, name: str) -> str:
    """Render a layout with the page's context; one that only Django's templates know, by them."""
    values = context.get_all()
    try:
        template = context.environment.get_template(name)
    except TemplateNotFound:
        return render_in_time(name, values, values.get("request"))
    return str(context.environment.concat(pieces_in_time(template.generate(values))))
