"""Pictures: what may be uploaded, what must be said about them, and how they stand on a page."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image as PillowImage
from pytest_django import Settings

from personalization.content.bodies.images import FOCUS_STEP
from personalization.content.models import Block, Picture, Variant
from personalization.content.pictures import models as pictures
from personalization.content.pictures.metadata import ORIENTATION, orientation_of, without_metadata
from personalization.content.serving.asking import asked_of
from personalization.content.serving.rendering import render_block
from tests.architecture import PROJECT
from tests.personalization.content.posting import post_block
from tests.personalization.content.visitors import request_of

pytestmark = pytest.mark.django_db
ADD = "admin:attune_content_picture_add"
SAID = {"en": "A lake <at dawn>", "de": "Ein See"}


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _file(kind: str = "PNG", name: str = "lake.png", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    content = BytesIO()
    PillowImage.new("RGB", size).save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def _stored() -> list[str]:
    return default_storage.listdir("attune")[1] if default_storage.exists("attune") else []


def _snapshot(kind: str, up: int = 1, **options: Any) -> bytes:
    """A picture as a camera writes it: with where it was taken, by what, and which way is up."""
    exif = PillowImage.Exif()
    exif[ORIENTATION], exif[0x010F], exif[0x8825] = up, "told: camera", {1: "N", 2: (52.0, 31.0, 12.0)}
    told = {"exif": exif.tobytes(), "xmp": b"<told:xmp/>", "comment": b"told: comment", "icc_profile": b"profile" * 9}
    content = BytesIO()
    PillowImage.linear_gradient("L").convert("RGB").resize((60, 40)).save(content, kind, **told | options)
    return content.getvalue()


def _picture(**fields: Any) -> Picture:
    values = {"name": "Lake", "image": _file(), "alt": SAID, "focus_x": 33, "focus_y": 90} | fields
    return Picture.objects.create(**values)


def _shown(picture: Picture | None, **content: str) -> str:
    block, _ = Block.objects.get_or_create(key="look", defaults={"name": "Look", "default": "<p>for all</p>"})
    Variant.objects.create(block=block, name="Picture", body_kind="image", picture=picture, content=content)
    request = request_of()
    html = render_block(request, "look", body=lambda: "", render_template=str)
    assert not asked_of(request).is_private
    return html


def _posted(client: Client, **fields: Any) -> str:
    """Post a new picture; an empty text says that it was saved."""
    data = {"name": "Lake", "image": _file(), "focus_x": 20, "focus_y": 30, "alt_en": "A lake", "alt_de": "Ein See"}
    response = client.post(reverse(ADD), data | fields)
    return "" if response.status_code == 302 else response.content.decode()


def test_picture__on_a_page__says_its_size_its_cuts_and_what_it_shows() -> None:
    html = _shown(_picture(narrow=_file(name="narrow.png", size=(30, 40))), picture_shape="wide")
    assert re.search(r'<img src="[^"]*attune/lake[^"]*\.png" alt="A lake &lt;at dawn&gt;" width="60" height="40"', html)
    assert re.search(r'<source media="\(max-width: 40em\)" srcset="[^"]*narrow[^"]*" width="30" height="40">', html)
    assert "attune-shape-wide attune-x-35 attune-y-90" in html
    assert "style=" not in html


def test_picture__on_a_german_page__speaks_german_and_leads_to_the_german_page() -> None:
    html = _shown(_picture(), picture_link="view:site:cart", picture_shape="gone")
    assert 'href="/cart/"' in html
    assert "attune-shape-whole" in html
    with translation.override("de"):
        german = render_block(request_of(), "look", body=lambda: "", render_template=str)
    assert 'alt="Ein See"' in german
    assert 'href="/de/cart/"' in german


def test_styles__each_step_of_what_matters__has_its_class() -> None:
    styles = (PROJECT / "personalization/content/static/personalization/content/blocks.css").read_text()
    for axis in "xy":
        for percent in range(0, 101, FOCUS_STEP):
            assert f".attune-{axis}-{percent} {{\n  --attune-{axis}: {percent}%;" in styles


def test_admin__picture__is_saved_with_what_it_shows(admin_client: Client) -> None:
    assert not _posted(admin_client)
    saved = Picture.objects.get()
    assert saved.alt == {"en": "A lake", "de": "Ein See"}
    assert (saved.focus_x, saved.width, saved.height) == (20, 60, 40)
    page = admin_client.get(reverse("admin:attune_content_picture_change", args=[saved.pk])).content.decode()
    assert re.search(
        r'<label class="attune-alt"><span>Deutsch</span> <input[^>]*name="alt_de"[^>]*value="Ein See"', page
    )
    chosen = {"body_kind": "image", "picture": saved.pk, "picture_shape": "wide", "picture_link": "/shop/"}
    assert not post_block(admin_client, chosen)
    assert Variant.objects.get().content == {"picture_shape": "wide", "picture_link": "/shop/"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"alt_de": " "}, "Say what it shows in: Deutsch."),
        ({"focus_x": 101}, "less than or equal to 100"),
        ({"image": SimpleUploadedFile("lake.png", b"<svg onload='alert(1)'/>")}, "Upload a valid image"),
        ({"image": _file("BMP")}, "Use a JPEG, PNG"),
        ({"image": _file(name="lake.pdf")}, "not allowed"),
    ],
)
def test_admin__picture_that_will_not_do__is_refused_with_the_reason(
    admin_client: Client, fields: dict[str, Any], said: str
) -> None:
    assert said in _posted(admin_client, **fields)
    assert not Picture.objects.exists()


def test_admin__picture_that_is_too_large__is_refused(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    assert "40 million pixels" in _posted(admin_client)
    monkeypatch.setattr(pictures, "MOST_BYTES", 10)
    assert "at most 10 MB" in _posted(admin_client)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [({}, "Choose a picture."), ({"picture_link": "javascript:alert(1)", "picture": True}, "Enter a path")],
)
def test_admin__variant_without_a_picture_or_with_a_bad_link__is_refused(
    admin_client: Client, chosen: dict[str, Any], said: str
) -> None:
    if "picture" in chosen:
        chosen = chosen | {"picture": _picture().pk}
    assert said in post_block(admin_client, {"body_kind": "image"} | chosen)


def test_picture__changed_or_still_shown__is_published_at_once_and_not_deleted(admin_client: Client) -> None:
    picture = _picture()
    assert "Ein See" not in _shown(picture)
    picture.alt = {"en": "Another lake", "de": "x"}
    picture.save()
    assert 'alt="Another lake"' in render_block(request_of(), "look", body=lambda: "", render_template=str)
    deleting = reverse("admin:attune_content_picture_delete", args=[picture.pk])
    admin_client.post(deleting, {"post": "yes"})
    assert Picture.objects.exists()
    with pytest.raises(ValidationError):
        Variant(block=Block.objects.get(), name="Nothing", body_kind="image").clean()


@pytest.mark.parametrize("up", [1, 6])
@pytest.mark.parametrize(
    ("kind", "options"), [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("GIF", {})]
)
def test_without_metadata__snapshot__loses_what_is_told_and_nothing_that_is_seen(
    kind: str, options: dict[str, Any], up: int
) -> None:
    data = _snapshot(kind, up, **options)
    kept = without_metadata(data)
    before, after = PillowImage.open(BytesIO(data)), PillowImage.open(BytesIO(kept))
    assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    if kind == "GIF":
        return
    assert b"told:" in data
    assert b"told:" not in kept
    assert dict(after.getexif()) == ({} if up == 1 else {ORIENTATION: up})
    assert after.info["icc_profile"] == b"profile" * 9
    assert without_metadata(kept) == kept


def test_without_metadata__second_picture_behind_the_first__is_left_out() -> None:
    snapshot = _snapshot("JPEG")
    assert without_metadata(snapshot + snapshot) == without_metadata(snapshot)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_without_metadata__file_that_breaks_off__says_so(kind: str) -> None:
    data = _snapshot(kind)
    with pytest.raises(ValueError, match="breaks off"):
        without_metadata(data[: len(data) * 2 // 3])


def test_picture__uploaded_snapshot__is_kept_without_its_place_and_measured_as_it_is_seen(admin_client: Client) -> None:
    before = set(_stored())
    assert not _posted(
        admin_client,
        image=SimpleUploadedFile("lake.jpg", _snapshot("JPEG", up=6)),
        narrow=SimpleUploadedFile("lake.webp", _snapshot("WEBP", up=3)),
    )
    assert len(set(_stored()) - before) == 2
    picture = Picture.objects.get()
    for file in (picture.image, picture.narrow):
        with file.open() as kept:
            assert b"told:" not in kept.read()
    with picture.image.open() as kept:
        assert orientation_of(kept.read()) == 6
    assert (picture.width, picture.height) == (40, 60)
    assert (picture.narrow_width, picture.narrow_height) == (60, 40)
    picture.save()
    assert (picture.width, picture.height) == (40, 60)


def test_picture__avif_that_tells__is_refused(admin_client: Client) -> None:
    assert "Save it without metadata" in _posted(admin_client, image=SimpleUploadedFile("lake.avif", _snapshot("AVIF")))
    plain = BytesIO()
    PillowImage.new("RGB", (60, 40)).save(plain, "AVIF")
    assert not _posted(admin_client, image=SimpleUploadedFile("lake.avif", plain.getvalue()))
