"""A ``{% cache %}`` that keeps a personalized part by what it asked.

It takes the place of Django's own in ``{% load cache %}`` when the app starts; of two libraries of one name Django
would warn (``templates.W003``). A part that asks nothing is kept as Django keeps it, under the same key.
"""

import base64
import binascii
import secrets
from typing import Any, Final

from django.core.cache import BaseCache, InvalidCacheBackendError, caches
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest
from django.template import Context, Library, TemplateSyntaxError, VariableDoesNotExist
from django.template.base import Parser, Token
from django.templatetags import cache as django_cache
from django.templatetags.cache import CacheNode, do_cache

from personalization.content.conf import conf
from personalization.content.previewing.preview import is_preview
from personalization.content.services import answer_of
from personalization.content.serving.asking import Asked, django_request, listening, note_answer
from personalization.content.serving.page_key import Ways, decode, encode, key_of
from personalization.segments.presence import presence_of

register = Library()

_MARK: Final = ("<!--attune:ways:", "-->")
"""Around the ways, where Django would keep the part itself. To Django's own tag it is a comment: empty, no leak."""


class PersonalizedCacheNode(CacheNode):
    """A part of a page that is kept once for each set of answers that it was made of.

    Under the part's own key lies what it asked, so that deleting that key makes all its versions anew.
    """

    def render(self, context: Context) -> str:
        """Render the part, or take it from the cache."""
        cache, key, timeout = self._place(context)
        request = _askable(request_in(context))
        if request is not None and is_preview(request):
            return str(self.nodelist.render(context))
        kept = cache.get(key)
        if kept is not None and not _is_written(kept):
            return str(kept)
        ways = _read(kept)
        found = None if request is None or ways is None or ways.is_split else _find(cache, key, ways, request)
        return self._make(context, cache, key, timeout, ways) if found is None else found

    def _make(self, context: Context, cache: BaseCache, key: str, timeout: int | None, ways: Ways | None) -> str:
        with listening() as asked:
            html = self.nodelist.render(context)
        if not asked.is_anything:
            cache.set(key, html, timeout)
        elif asked.is_told and asked.version is not None:
            ways = Ways(token=secrets.token_hex(8)) if ways is None else ways
            if _learn(ways, asked, asked.version):
                version = key_of(asked.answers, version=asked.version, token=ways.token)
                cache.set(f"{key}.{version}", html, timeout)
            cache.set(key, _written(ways), timeout)
        return html

    def _place(self, context: Context) -> tuple[BaseCache, str, int | None]:
        """The cache, the key and the seconds that the tag names, with Django's own complaints."""
        try:
            timeout = self.expire_time_var.resolve(context)
        except VariableDoesNotExist:
            raise TemplateSyntaxError(f'"cache" tag got an unknown variable: {self.expire_time_var.var!r}') from None
        if timeout is not None:
            try:
                timeout = int(timeout)
            except (ValueError, TypeError):
                raise TemplateSyntaxError(f'"cache" tag got a non-integer timeout value: {timeout!r}') from None
        key = make_template_fragment_key(self.fragment_name, [var.resolve(context) for var in self.vary_on])
        return self._cache(context), key, timeout

    def _cache(self, context: Context) -> BaseCache:
        if not self.cache_name:
            try:
                return caches["template_fragments"]
            except InvalidCacheBackendError:
                return caches["default"]
        try:
            return caches[self.cache_name.resolve(context)]
        except VariableDoesNotExist:
            raise TemplateSyntaxError(f'"cache" tag got an unknown variable: {self.cache_name.var!r}') from None
        except InvalidCacheBackendError as error:
            raise TemplateSyntaxError(f"Invalid cache name specified for cache tag: {error}") from None


@register.tag("cache")
def personalized_cache(parser: Parser, token: Token) -> PersonalizedCacheNode:
    """``{% cache 600 name vary_on… %}…{% endcache %}``, as Django's."""
    node: Any = do_cache(parser, token)
    return PersonalizedCacheNode(node.nodelist, node.expire_time_var, node.fragment_name, node.vary_on, node.cache_name)


def take_place() -> None:
    """Have ``{% load cache %}`` bring this tag; called once the app is ready."""
    django_cache.register.tag("cache", personalized_cache)


def request_in(context: Context) -> Any:
    """The request that a template is rendered for, wherever it says so.

    What is included with ``only`` or by an inclusion tag does not have it among its names, and belongs to it as well.
    """
    return context.get("request") or getattr(context, "request", None)


def _askable(given: Any) -> HttpRequest | None:
    return django_request(given) if isinstance(getattr(given, "META", None), dict) else None


def _find(cache: BaseCache, key: str, ways: Ways, request: HttpRequest) -> str | None:
    """The version for this visitor; the page around it depends on the same answers."""
    try:
        presence = presence_of(request)
        answers = ways.answers(request.META, lambda question: answer_of(presence, question))
    except Exception:
        return None  # it is rendered, and the tags in it say what is wrong
    if answers is None:
        return None
    html: str | None = cache.get(f"{key}.{key_of(answers, version=presence.version, token=ways.token)}")
    if html is not None:
        for question, answer in answers.items():
            note_answer(request, question, answer, version=presence.version)
    return html


def _learn(ways: Ways, asked: Asked, version: int) -> bool:
    """Remember the way that this rendering went; False if the part has too many versions to be kept."""
    values: dict[str, Any] = {}
    ways.learn(values, asked.answers)
    ways.count(values, asked.answers, configuration=version, most=conf.PERSONALIZATION_MAX_PAGE_VERSIONS)
    return not ways.is_split


def _written(ways: Ways) -> str:
    return base64.b64encode(encode(ways)).decode().join(_MARK)


def _is_written(kept: object) -> bool:
    return isinstance(kept, str) and kept.startswith(_MARK[0])


def _read(kept: str | None) -> Ways | None:
    if kept is None:
        return None
    try:
        return decode(base64.b64decode(kept.removeprefix(_MARK[0]).removesuffix(_MARK[1]), validate=True))
    except binascii.Error:
        return None
