"""What editors may write: scripts and styles never get through, links lead nowhere unexpected."""

from __future__ import annotations

import pytest

from personalization.content.sanitizing import clean_rich_text, is_safe_link

SCRIPTS = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<p onclick="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<svg onload="alert(1)"></svg>',
    '<iframe src="https://evil.example"></iframe>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    "<style>@import 'https://evil.example'</style>",
    '<form action="https://evil.example"><input></form>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<svg><p><style><img src=x onerror=alert(1)></style></p></svg>",
]


@pytest.mark.parametrize("html", SCRIPTS)
def test_clean_rich_text__script__is_taken_out(html: str) -> None:
    cleaned = clean_rich_text(html).lower()
    for trace in ("<script", "javascript:", "data:", "onerror=", "onclick=", "onload=", "style", "<iframe", "<form"):
        assert trace not in cleaned.replace("&lt;", "")


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Title</h2><p>Some <strong>bold</strong> and <em>slanted</em> text<br>here</p>",
        '<ul><li><p>one</p></li></ul><ol start="3"><li><p>three</p></li></ol>',
        '<p><a href="/shop/" rel="noopener noreferrer">shop</a></p>',
        "<blockquote><p>said</p></blockquote><hr>",
    ],
)
def test_clean_rich_text__what_the_editor_writes__stays(html: str) -> None:
    assert clean_rich_text(html) == html


@pytest.mark.parametrize("html", ["", "<p></p>", "<p> </p><p><br></p>", "<script>x</script>", "\x00"])
def test_clean_rich_text__nothing_to_see__is_empty(html: str) -> None:
    assert clean_rich_text(html) == ""


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/shop/trousers/?a=b#c",
        "https://example.org",
        "HTTP://example.org/x",
        "mailto:hello@example.org",
        "tel:+49301234",
    ],
)
def test_is_safe_link__allowed__passes(url: str) -> None:
    assert is_safe_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop/",
        "#top",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.org",
        "https:evil.example",
        "https://",
        "mailto:",
        "/a\nb",
        '/"onclick="x',
        "/\x00",
    ],
)
def test_is_safe_link__anything_else__is_refused(url: str) -> None:
    assert not is_safe_link(url)
