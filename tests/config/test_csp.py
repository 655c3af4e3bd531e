"""The policy that every page carries."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory, override_settings

from config.csp import HEADER, ContentSecurityPolicyMiddleware


def page_with_nonce(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string("<script nonce='{{ csp_nonce }}'></script>{{ csp_nonce }}")
    return HttpResponse(template.render({}, request))


def test_policy__page_without_inline_code__has_no_nonce(rf: RequestFactory) -> None:
    response = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(rf.get("/"))
    assert "script-src 'self';" in response[HEADER]
    assert "nonce" not in response[HEADER]
    assert "unsafe" not in response[HEADER]


def test_policy__page_that_renders_the_nonce__allows_that_nonce(rf: RequestFactory) -> None:
    response = ContentSecurityPolicyMiddleware(page_with_nonce)(rf.get("/"))
    first, second = re.findall(r"'(\S+)'></script>(\S+)", response.content.decode())[0]
    assert first == second
    assert f"script-src 'self' 'nonce-{first}'" in response[HEADER]


def test_policy__two_requests__never_share_a_nonce(rf: RequestFactory) -> None:
    middleware = ContentSecurityPolicyMiddleware(page_with_nonce)
    assert middleware(rf.get("/"))[HEADER] != middleware(rf.get("/"))[HEADER]


def test_policy__response_with_its_own__is_left_alone(rf: RequestFactory) -> None:
    own = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(headers={HEADER: "default-src 'none'"}))
    assert own(rf.get("/"))[HEADER] == "default-src 'none'"


@override_settings(SECURE_CSP={})
def test_policy__none_set__sends_no_header(rf: RequestFactory) -> None:
    assert HEADER not in ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(rf.get("/"))


@pytest.mark.django_db
def test_policy__admin_page__forbids_inline_code(client: Client) -> None:
    response = client.get("/admin/login/")
    assert "object-src 'none'" in response[HEADER]
    assert "unsafe" not in response[HEADER]
