"""What goes over the wire to pages and apps that ask for blocks, as types; the OpenAPI document is made from them."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

MOST_KEYS: Final = 50
"""Blocks that one request may ask for, and calls to action."""
PROVEN_BY: Final = "~"
"""Between a block's name and what proves that the page showed it; stands in no name."""

VariantId = Annotated[str, Meta(description="The variant's id, or “default”; `block_view` and `block_click` take it.")]


class FilledBlock(msgspec.Struct, omit_defaults=True):
    """What goes into a block of a page that is there already."""

    variant: VariantId
    html: Annotated[str | None, Meta(description="null: what the page holds.")]
    more: Annotated[list[FilledBlock], Meta(description="The others, where it shows several variants.")] = []


class FilledBlocks(msgspec.Struct):
    """The answer with `format=html`, and without a format."""

    blocks: dict[str, FilledBlock]
    unknown: Annotated[list[str], Meta(description="Names that no block has.")]


class TextContent(msgspec.Struct, tag_field="kind", tag="text"):
    """A text of an editor, with the tags that editors may use where they wrote it, and no others."""

    variant: VariantId
    html: str


class LayoutContent(msgspec.Struct, tag_field="kind", tag="layout"):
    """One of the site's layouts, as the server renders it."""

    variant: VariantId
    layout: Annotated[str, Meta(description="The template's name, by which an app may choose a component of its own.")]
    html: str


class CallToActionData(msgspec.Struct):
    """What a call to action says."""

    label: Annotated[str, Meta(description="Plain text.")]
    url: Annotated[str, Meta(description="A path of the site, or an address with https, http, mailto or tel.")]
    style: str
    placement: Annotated[str, Meta(description="“prominent”, “normal” or “simple”: how much room it takes.")] = "normal"
    new_tab: Annotated[bool, Meta(description="It opens in a new tab; tell visitors so.")] = False


class CallContent(msgspec.Struct, tag_field="kind", tag="cta"):
    """A call to action in place of a text."""

    variant: VariantId
    key: Annotated[str, Meta(description="Its name, for `select_content`.")]
    cta: CallToActionData | None
    html: str


class ItemData(msgspec.Struct):
    """One item of the site."""

    id: str
    title: str
    url: str
    image: str
    image_alt: str
    price: Annotated[str, Meta(description="Ready to be read; empty for what is not for sale.")]
    text: str


class ItemsContent(msgspec.Struct, tag_field="kind", tag="items"):
    """A list of items for this visitor."""

    variant: VariantId
    source: Annotated[str, Meta(description="Where the list comes from, such as what the visitor looked at last.")]
    title: str
    items: list[ItemData]
    html: str


class PictureFile(msgspec.Struct):
    """One file, with its size where that is known."""

    url: str
    width: int | None
    height: int | None
    smaller: Annotated[
        list[SmallerFile], Meta(description="Versions for smaller screens, narrow ones first; none of small files.")
    ]


class SmallerFile(msgspec.Struct):
    """The same picture with fewer pixels, as WebP or AVIF."""

    url: str
    width: int
    height: int


class PictureContent(msgspec.Struct, tag_field="kind", tag="picture"):
    """A picture in place of a text."""

    variant: VariantId
    picture: PictureFile
    narrow: Annotated[PictureFile | None, Meta(description="Another cut, for screens up to 40em.")]
    alt: Annotated[str, Meta(description="What it shows, in the language of the page.")]
    focus: Annotated[tuple[int, int], Meta(description="What matters in it: percent from the left and from the top.")]
    url: Annotated[str, Meta(description="Where it leads; empty: nowhere.")]
    html: str


class OfferContent(msgspec.Struct, tag_field="kind", tag="offer"):
    """An offer as this visitor may see it."""

    variant: VariantId
    text: Annotated[str, Meta(description="What is offered, as HTML of an editor's text.")]
    code: Annotated[str, Meta(description="Everyone's code, or the visitor's own; empty: none, or not fetched yet.")]
    claim: Annotated[str, Meta(description="With this the visitor's own code is fetched; empty: there is no need.")]
    ends_at: Annotated[str | None, Meta(description="With date, time and offset; null: it does not end.")]
    terms: str
    price_is_personal: Annotated[
        bool, Meta(description="It changes a price for this visitor: whoever shows it must say so.")
    ]
    html: str


class OtherContent(msgspec.Struct, tag_field="kind", tag="html"):
    """What has no kind of its own, such as other plugins of django CMS, as the server renders it."""

    variant: VariantId
    html: str


Content = TextContent | LayoutContent | CallContent | ItemsContent | PictureContent | OfferContent | OtherContent


class BlockData(msgspec.Struct):
    """What a block shows."""

    contents: Annotated[
        list[Content],
        Meta(
            description="In their order; empty: what the app itself shows here. Several with the same variant stand "
            "beneath each other in it: a variant of django CMS has one for each of its plugins."
        ),
    ]


class Data(msgspec.Struct):
    """The answer with `format=data`."""

    blocks: dict[str, BlockData]
    ctas: Annotated[dict[str, CallToActionData | None], Meta(description="null: it says nothing to this visitor.")]
    unknown: Annotated[list[str], Meta(description="Names that no block and no call to action has.")]


class ClaimBody(msgspec.Struct, forbid_unknown_fields=True):
    """Which offer's code is fetched."""

    claim: Annotated[str, Meta(description="As the offer gave it.")]
    page: Annotated[str, Meta(description="Path and query of the page that the offer stands on.")] = ""


class GivenCode(msgspec.Struct):
    """The visitor's code: the same each time."""

    code: str


class Segments(msgspec.Struct):
    """The segments that this visitor is in, of those that may be told."""

    segments: list[str]


class Problem(msgspec.Struct):
    """What was wrong with the request."""

    error: str
