"""The pictures of the shop and of its magazine, drawn by code: `manage.py draw_pictures` writes them as SVG files."""

from config.site.artwork import boots, jackets, landscapes, layers, packs, trousers
from config.site.artwork.drawing import on_card, shelf

PRODUCTS = {
    "fieldfare-shell": (jackets.shell, "#e9ddd2"),
    "wren-down-jacket": (jackets.down, "#dfe3d6"),
    "plover-wind-anorak": (jackets.anorak, "#efe5cf"),
    "curlew-parka": (jackets.parka, "#dbe3e6"),
    "siskin-vest": (jackets.vest, "#efe7cf"),
    "heather-walking-trousers": (trousers.walking, "#e8e0d4"),
    "gorse-overtrousers": (trousers.rain, "#d9e1e4"),
    "bracken-shorts": (trousers.shorts, "#dfe6d4"),
    "sedge-climbing-trousers": (trousers.climbing, "#e0e3e3"),
    "rowan-winter-trousers": (trousers.winter, "#dae4df"),
    "scree-mid-boot": (boots.mid, "#ebdfd0"),
    "tarn-trail-shoe": (boots.trail, "#e0e6db"),
    "corrie-winter-boot": (boots.winter, "#dde1e4"),
    "beck-approach-shoe": (boots.approach, "#dfe5e8"),
    "ember-hut-boot": (boots.hut, "#eedcdc"),
    "cairn-24-daypack": (packs.daypack, "#eddfd2"),
    "drover-48-pack": (packs.trekking, "#dce5dc"),
    "skerry-18-dry-pack": (packs.dry, "#f0e8cc"),
    "fell-34-pack": (packs.roll, "#e4dfe9"),
    "pebble-6-hip-pack": (packs.hip, "#ece4d3"),
    "dunlin-base-layer": (layers.base, "#ece5d6"),
    "shearwater-jersey": (layers.jersey, "#dfe3e5"),
    "eider-long-johns": (layers.johns, "#eadde3"),
    "twite-hat": (layers.hat, "#efe0d6"),
}
CATEGORIES = {
    "jackets": ("#d8c9bb", ("wren-down-jacket", "fieldfare-shell", "plover-wind-anorak")),
    "trousers": ("#c9cfc4", ("gorse-overtrousers", "heather-walking-trousers", "bracken-shorts")),
    "boots": ("#d9ccba", ("corrie-winter-boot", "scree-mid-boot", "tarn-trail-shoe")),
    "packs": ("#c8d2cc", ("drover-48-pack", "cairn-24-daypack", "skerry-18-dry-pack")),
    "layers": ("#d6cdbd", ("dunlin-base-layer", "shearwater-jersey", "eider-long-johns")),
}


def pictures() -> dict[str, str]:
    """Every picture: file name without its ending → SVG text."""
    drawn = {name: on_card(draw(), ground) for name, (draw, ground) in PRODUCTS.items()}
    for category, (ground, names) in CATEGORIES.items():
        drawn[f"category-{category}"] = shelf([PRODUCTS[name][0]() for name in names], ground)
    for name, landscape in landscapes.LANDSCAPES.items():
        drawn[name] = landscape()
    drawn["lost"] = landscapes.lost()
    return drawn
