"""The banner: the same bytes for everybody, inert, and nothing inline."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from consent import cookies
from consent.purposes import PURPOSES, policy_version
from consent.rendering import banner_html
from tests.consent.conftest import Visitor


@pytest.mark.django_db
def test_banner__stranger_refuser_and_grantor__get_the_same_bytes() -> None:
    pages = set()
    for choices in ({}, {"analytics": False, "personalization": False}, {"analytics": True, "personalization": True}):
        visitor = Visitor()
        if choices:
            visitor.choose(**choices)
        request = RequestFactory().get("/some/page/?utm_source=mail", headers={"User-Agent": f"{choices}"})
        request.COOKIES = visitor.jar()
        pages.add(banner_html(request))
    assert len(pages) == 1


def test_banner__request__is_not_read_for_it() -> None:
    request = RequestFactory().get("/")
    banner_html(request)
    assert not hasattr(request, "_attune_consent")
    assert "CSRF_COOKIE" not in request.META


def test_banner__shell__is_hidden_and_nothing_is_ticked() -> None:
    page = banner_html(RequestFactory().get("/"))
    assert re.search(r'<section id="attune-consent"[^>]* hidden', page)
    assert page.count('type="checkbox"') == len(PURPOSES)
    assert "checked" not in page
    assert f'data-attune-policy="{policy_version()}"' in page


def test_banner__content_security_policy_without_unsafe_inline__holds() -> None:
    page = banner_html(RequestFactory().get("/"))
    assert "<script" not in page
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert "javascript:" not in page


def test_banner__without_script__links_to_the_preferences() -> None:
    noscript = re.search(r"<noscript>(.*)</noscript>", banner_html(RequestFactory().get("/")), re.S)
    assert noscript is not None
    assert 'href="/consent/preferences/"' in noscript[1]


def test_banner__answers__have_one_style() -> None:
    buttons = re.findall(r"<button [^>]*>", banner_html(RequestFactory().get("/")))
    assert len(buttons) == 4
    assert {re.search(r'class="([^"]*)"', button)[1] for button in buttons} == {"attune-consent-button"}  # type: ignore[index]  # every button has a class


@pytest.mark.parametrize("secure", [False, True])
def test_banner__scheme__names_the_cookie_that_scripts_read(secure: bool) -> None:
    request = RequestFactory().get("/", secure=secure)
    assert f'data-attune-cookie="{cookies.name(request, cookies.CONSENT)}"' in banner_html(request)


def test_banner__other_language__same_policy() -> None:
    with translation.override("de"):
        page = banner_html(RequestFactory().get("/"))
    assert f'data-attune-policy="{policy_version()}"' in page


def test_banner__in_a_template__is_not_escaped() -> None:
    page = Template("{{ banner }}").render(Context({"banner": banner_html(RequestFactory().get("/"))}))
    assert "<section" in page
