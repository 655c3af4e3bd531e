"""Smaller versions of pictures: what is made of which file, what a page says of them, and when they go."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image, features
from pytest_django import DjangoCaptureOnCommitCallbacks

from personalization.content.bodies.images import Image as ImageBody
from personalization.content.bodies.images import ImageBody as ImageKind
from personalization.content.bodies.kinds import Place
from personalization.content.models import Picture, Variant
from personalization.content.pictures import files as picture_files
from personalization.content.pictures import shrinking
from personalization.content.pictures.metadata import ORIENTATION, without_metadata
from personalization.content.pictures.shrinking import smaller_versions

LEFT_IS_UP = 6
Change = Callable[[Picture], object]


def _data(kind: str = "JPEG", size: tuple[int, int] = (1000, 400), mode: str = "RGB", **options: Any) -> bytes:
    """A picture that cannot be packed: what is small is left as it is."""
    written = BytesIO()
    Image.effect_noise(size, 120).convert(mode).save(written, kind, **options)
    assert len(written.getvalue()) > shrinking.SMALL_ENOUGH
    return written.getvalue()


def _sizes(data: bytes) -> list[tuple[int, int]]:
    return [(one.width, one.height) for one in smaller_versions(data)]


@pytest.fixture
def _narrow_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrinking, "WIDTHS", (40, 80, 160))
    monkeypatch.setattr(shrinking, "SMALL_ENOUGH", 100)


@pytest.fixture
def _storage(_narrow_screens: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_storage, "_wrapped", InMemoryStorage())


@pytest.mark.once
def test_smaller_versions__photograph__are_upright_webp_without_metadata_in_ascending_widths() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010F] = LEFT_IS_UP, "told: camera"
    data = without_metadata(_data(size=(400, 1000), exif=exif.tobytes(), icc_profile=b"profile" * 9))
    versions = smaller_versions(data)
    assert [(one.width, one.height, one.extension) for one in versions] == [
        (480, 192, "webp"),
        (960, 384, "webp"),
        (1000, 400, "webp"),
    ]
    for one in versions:
        with Image.open(BytesIO(one.data)) as image:
            assert (image.size, image.format) == ((one.width, one.height), "WEBP")
            assert dict(image.getexif()) == {}
            assert image.info["icc_profile"] == b"profile" * 9
    assert len(versions[0].data) < len(data) / 5


@pytest.mark.once
def test_smaller_versions__wider_than_any_screen__end_with_the_widest_that_is_of_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shrinking, "WIDTHS", (100, 300))
    assert _sizes(_data(size=(301, 700))) == [(100, 233), (300, 698)]
    assert _sizes(_data(size=(300, 700))) == [(100, 233), (300, 700)]
    assert _sizes(_data(size=(100, 700))) == []


@pytest.mark.once
@pytest.mark.usefixtures("_narrow_screens")
@pytest.mark.parametrize("kind", ["WEBP", pytest.param("AVIF", marks=pytest.mark.skipif(
    not features.check("avif"), reason="Pillow without AVIF"))])  # fmt: skip
def test_smaller_versions__of_a_format_for_screens__keep_it_and_leave_the_original_its_width(kind: str) -> None:
    versions = smaller_versions(_data(kind, (160, 90)))
    assert [(one.width, one.extension) for one in versions] == [(40, kind.lower()), (80, kind.lower())]


@pytest.mark.once
def test_smaller_versions__something_shines_through__still_does() -> None:
    written = BytesIO()
    Image.effect_noise((500, 300), 120).convert("RGBA").save(written, "PNG")
    see_through = Image.open(BytesIO(written.getvalue()))
    see_through.putpixel((0, 0), (0, 0, 0, 0))
    see_through.putalpha(0)
    written = BytesIO()
    see_through.save(written, "PNG")
    with Image.open(BytesIO(smaller_versions(written.getvalue())[0].data)) as image:
        assert image.convert("RGBA").getpixel((9, 9)) == (0, 0, 0, 0)


@pytest.mark.once
def test_smaller_versions__what_would_suffer_or_is_a_trap__has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.effect_noise((600, 400), 90 + number) for number in range(2)]
    moving = BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    assert smaller_versions(moving.getvalue()) == []
    assert smaller_versions(_data(mode="CMYK")) == []
    few = BytesIO()
    Image.new("RGB", (4000, 4000)).save(few, "PNG", compress_level=9)
    assert len(few.getvalue()) > shrinking.SMALL_ENOUGH
    monkeypatch.setattr(shrinking, "MOST_PIXELS", 4000 * 4000 - 1)
    monkeypatch.setattr(Image.Image, "convert", lambda *args: pytest.fail("decoded"))
    assert smaller_versions(few.getvalue()) == []


def _file(name: str = "lake.jpg", kind: str = "JPEG") -> ContentFile[bytes]:
    written = BytesIO()
    Image.effect_noise((100, 60), 120).convert("RGB").save(written, kind)
    return ContentFile(written.getvalue(), name)


def _stored() -> set[str]:
    return set(default_storage.listdir("attune")[1]) if default_storage.exists("attune") else set()


def _html(picture: Picture) -> str:
    body = ImageKind().publish(Variant(picture=picture))
    assert isinstance(body, ImageBody)
    return body.render(cast(Place, None))  # a picture asks nothing of its place


@pytest.mark.django_db
@pytest.mark.usefixtures("_storage")
def test_picture__on_a_page__lets_browsers_choose_by_room_and_screen() -> None:
    html = _html(Picture.objects.create(name="Lake", image=_file(), narrow=_file("upright.webp", "WEBP")))
    phones, narrow, wide, image = re.findall(r"<(?:source|img) [^>]*>", html)
    upright = "/media/attune/upright"
    assert f'type="image/webp" srcset="{upright}-40.webp 40w, {upright}-80.webp 80w, {upright}.webp 100w"' in phones
    assert phones.startswith('<source media="(max-width: 40em)"')
    assert f'media="(max-width: 40em)" srcset="{upright}.webp"' in narrow
    lake = "/media/attune/lake"
    assert f'type="image/webp" srcset="{lake}-40.webp 40w, {lake}-80.webp 80w, {lake}-100.webp 100w"' in wide
    assert f'src="{lake}.jpg"' in image
    for one in (phones, wide, image):
        assert 'sizes="auto, 100vw"' in one
        assert 'width="100" height="60"' in one
    assert 'loading="lazy"' in image


@pytest.mark.usefixtures("_storage")
def test_list__of_pictures__loads_the_smallest_of_each(admin_client: Client) -> None:
    Picture.objects.create(name="Lake", image=_file())
    page = admin_client.get(reverse("admin:attune_content_picture_changelist")).content.decode()
    assert re.findall(r'class="attune-thumbnail" src="([^"]*)"', page) == ["/media/attune/lake-40.webp"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_storage")
def test_picture__cannot_be_made_smaller__is_shown_as_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(picture_files, "smaller_versions", lambda data: smaller_versions(data[:200]))
    picture = Picture.objects.create(name="Lake", image=_file())
    assert picture.smaller == {"image": []}
    assert "srcset" not in _html(picture)
    assert "No smaller versions" in caplog.text


def _replace(picture: Picture) -> None:
    picture.image = _file("sea.jpg")
    picture.save()


def _without_narrow(picture: Picture) -> None:
    picture.narrow = ""
    picture.save()


@pytest.mark.django_db
@pytest.mark.usefixtures("_storage")
@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (Picture.save, ()),
        (_replace, ("lake",)),
        (_without_narrow, ("upright",)),
        (Picture.delete, ("lake", "upright")),
        (lambda picture: Picture.objects.filter(pk=picture.pk).delete(), ("lake", "upright")),
    ],
)
def test_files__of_a_picture_that_changed__go_when_nothing_shows_them(
    change: Change, gone: tuple[str, ...], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    picture = Picture.objects.create(name="Lake", image=_file(), narrow=_file("upright.webp", "WEBP"))
    before = _stored()
    assert len(before) == 7
    with django_capture_on_commit_callbacks(execute=True):
        change(Picture.objects.get(pk=picture.pk))
        assert before <= _stored()
    assert before - _stored() == {name for name in before if name.startswith(gone or ("-",))}


@pytest.mark.django_db
@pytest.mark.usefixtures("_storage")
def test_files__another_picture_has_them__stay(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    picture = Picture.objects.create(name="Lake", image=_file())
    copied = Picture.objects.get(pk=picture.pk)
    copied.pk, copied.name = None, "Copy"
    copied.save()
    before = _stored()
    with django_capture_on_commit_callbacks(execute=True):
        picture.delete()
    assert _stored() == before
    with django_capture_on_commit_callbacks(execute=True):
        copied.delete()
    assert not _stored()
