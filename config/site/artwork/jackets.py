"""Five jackets, seen from the front, each on a field of 800 by 900."""

from config.site.artwork.drawing import both_sides, box, circle, clipped, darker, ellipse, group, lighter, line, path

BODY = (
    "M326 222 C312 230 302 234 292 240 C276 300 282 380 281 450 C278 560 270 660 264 752 Q400 786 536 752"
    " C530 660 522 560 519 450 C518 380 524 300 508 240 C498 234 488 230 474 222 Q400 262 326 222Z"
)
SLEEVE = (
    "M296 238 C246 254 222 306 208 388 C196 470 182 572 172 664 Q196 692 240 682 C254 590 270 510 288 440"
    " C294 370 288 300 296 238Z"
)


def _sleeves(color: str, cuff: str) -> str:
    shade = darker(color, 0.16)
    return both_sides(
        path(SLEEVE, darker(color, 0.07)),
        path(
            "M240 682 C254 590 270 510 288 440 C292 400 291 360 290 330 C272 420 232 560 214 686Z", shade, opacity=0.6
        ),
        path("M172 664 Q196 692 240 682 L243 662 Q200 668 175 644Z", cuff),
        line("M222 470 q24 10 44 2 M214 520 q20 12 42 4", darker(color, 0.3), 3, opacity=0.35),
    )


def _folds(color: str) -> str:
    return both_sides(
        line("M300 470 C320 540 318 620 304 730", darker(color, 0.3), 4, opacity=0.22),
        line("M352 500 C360 580 352 660 348 744", darker(color, 0.3), 4, opacity=0.14),
        path(
            "M281 450 C278 560 270 660 264 752 Q280 758 300 761 C306 660 300 540 281 450Z", darker(color), opacity=0.35
        ),
    )


def _hood(color: str) -> str:
    return group(
        path("M314 236 C284 128 336 74 400 74 C464 74 516 128 486 236 Q400 282 314 236Z", darker(color, 0.06)),
        path("M344 222 C326 142 358 108 400 108 C442 108 474 142 456 222 Q400 262 344 222Z", darker(color, 0.55)),
        path(
            "M344 222 C326 142 358 108 400 108 C442 108 474 142 456 222 C462 150 436 124 400 124 C364 124 338 150 344 222Z",
            lighter(color, 0.12),
        ),
        line("M400 75 V108", darker(color, 0.3), 3, opacity=0.6),
        path(
            "M330 226 C352 196 366 214 400 232 C434 214 448 196 470 226 C474 262 450 292 400 300 C350 292 326 262 330 226Z",
            color,
        ),
        line("M330 228 C352 198 366 216 400 234 C434 216 448 198 470 228", darker(color, 0.35), 3, opacity=0.6),
    )


def shell() -> str:
    red, trim = "#b8442f", "#22302b"
    return group(
        _sleeves(red, trim),
        path(BODY, red),
        path(
            "M292 240 C330 300 470 300 508 240 C515 300 518 340 518 372 Q400 410 282 372 C282 330 284 290 292 240Z",
            lighter(red, 0.1),
        ),
        line("M282 372 Q400 410 518 372", darker(red, 0.3), 3, opacity=0.6),
        _folds(red),
        _hood(red),
        both_sides(
            line("M318 426 C332 470 336 510 338 548", darker(red, 0.45), 9),
            line("M318 426 C332 470 336 510 338 548", lighter(red, 0.35), 2, dashes="5 6"),
            circle(338, 554, 6, "#e7b85c"),
            line("M336 262 C330 286 330 300 334 318", "#e9dfcf", 4),
            circle(334, 322, 6, trim),
        ),
        line("M400 236 V770", darker(red, 0.5), 12),
        line("M400 240 V766", lighter(red, 0.35), 2.5, dashes="4 6"),
        box(394, 296, 12, 26, "#e7b85c", radius=5),
        line("M266 728 Q400 762 534 728", darker(red, 0.35), 3, opacity=0.6),
        path("M444 330 l20 -8 l20 8 l-20 10Z", "#f3e8d6"),
        line("M450 344 q14 8 28 0", "#f3e8d6", 3),
    )


def down() -> str:
    moss = "#6f7b4a"
    seams = range(262, 760, 50)
    baffles = "".join(
        path(f"M150 {y} Q400 {y + 40} 650 {y} V{y + 22} Q400 {y + 62} 150 {y + 22}Z", lighter(moss, 0.16), opacity=0.75)
        + line(f"M150 {y} Q400 {y + 40} 650 {y}", darker(moss, 0.42), 4, opacity=0.75)
        for y in seams
    )
    # The sleeve's own seams run across it.
    rings = "".join(
        line(
            f"M{300 - (y - 240) * 0.1 - 96:g} {y} Q{300 - (y - 240) * 0.12 - 40:g} {y + 26} {306 - (y - 240) * 0.1:g} {y + 14}",
            darker(moss, 0.42),
            4,
            opacity=0.75,
        )
        + path(
            f"M{300 - (y - 240) * 0.1 - 96:g} {y + 4} Q{300 - (y - 240) * 0.12 - 40:g} {y + 30} {306 - (y - 240) * 0.1:g} {y + 18}"
            f" V{y + 32} Q{300 - (y - 240) * 0.12 - 40:g} {y + 48} {300 - (y - 240) * 0.1 - 96:g} {y + 24}Z",
            lighter(moss, 0.14),
            opacity=0.55,
        )
        for y in range(286, 660, 46)
    )
    sleeve = (
        "M298 236 C236 246 212 304 200 388 C188 470 176 572 166 660 Q196 694 248 682 C262 590 276 510 290 440"
        " C296 370 290 300 298 236Z"
    )
    body = (
        "M322 214 C306 226 298 230 288 238 C268 300 276 380 274 450 C266 560 262 660 258 742 Q400 786 542 742"
        " C538 660 534 560 526 450 C524 380 532 300 512 238 C502 230 494 226 478 214 Q400 250 322 214Z"
    )
    return group(
        both_sides(
            path(sleeve, darker(moss, 0.1)),
            clipped("down-sleeve", sleeve, rings),
            path("M166 660 Q196 694 248 682 L251 660 Q204 668 170 640Z", darker(moss, 0.4)),
        ),
        path(body, moss),
        clipped(
            "down-body",
            body,
            baffles,
            box(250, 200, 46, 600, darker(moss), opacity=0.3),
            box(504, 200, 46, 600, darker(moss), opacity=0.3),
        ),
        path("M322 226 C310 170 330 128 350 122 Q400 142 450 122 C470 128 490 170 478 226 Q400 274 322 226Z", moss),
        path("M346 128 Q400 150 454 128 Q446 168 400 176 Q354 168 346 128Z", darker(moss, 0.5)),
        line("M318 196 Q400 244 482 196", darker(moss, 0.42), 4, opacity=0.75),
        line("M326 162 Q352 184 400 190 Q448 184 474 162", darker(moss, 0.42), 4, opacity=0.5),
        line("M400 180 V768", darker(moss, 0.6), 12),
        line("M400 184 V764", "#e0c58a", 2.5, dashes="4 6"),
        box(394, 206, 12, 28, "#c56a3a", radius=5),
        both_sides(line("M314 520 L338 620", darker(moss, 0.6), 7)),
        box(446, 316, 48, 24, "#e8e0cf", radius=4),
        line("M454 330 l9 -8 l8 8 l8 -6", darker(moss, 0.4), 3),
    )


def anorak() -> str:
    ochre, slate = "#d39a3a", "#4c5d66"
    return group(
        both_sides(
            path(SLEEVE, darker(slate, 0.05)),
            path(
                "M296 238 C246 254 222 306 208 388 L204 416 Q250 436 290 420 C294 370 288 300 296 238Z",
                darker(ochre, 0.07),
            ),
            path("M240 682 C254 590 270 510 288 440 C272 480 232 580 214 686Z", darker(slate, 0.3), opacity=0.5),
            line("M174 648 Q200 670 243 662", lighter(slate, 0.3), 4, opacity=0.7),
            line("M216 500 q20 10 46 2", darker(slate, 0.4), 3, opacity=0.4),
        ),
        path(BODY, slate),
        clipped("anorak-body", BODY, path("M200 180 H600 V440 Q400 476 200 440Z", ochre)),
        line("M281 449 Q400 470 519 449", darker(slate, 0.4), 4, opacity=0.5),
        _folds(slate),
        _hood(ochre),
        line("M400 236 V452", darker(ochre, 0.5), 11),
        line("M400 240 V448", lighter(ochre, 0.4), 2.5, dashes="4 6"),
        box(394, 438, 12, 28, "#b8442f", radius=5),
        path("M318 500 H482 L496 640 Q400 660 304 640Z", lighter(slate, 0.1)),
        path("M314 500 H486 L488 536 Q400 556 312 536Z", lighter(slate, 0.2)),
        line("M318 500 H482 L496 640 Q400 660 304 640Z", darker(slate, 0.4), 3, opacity=0.6),
        circle(400, 534, 7, ochre),
        line("M266 730 Q400 764 534 730", lighter(slate, 0.3), 4, opacity=0.6),
        both_sides(line("M280 764 q-10 22 4 34", "#e9dfcf", 4), ellipse(285, 800, 6, 8, "#b8442f")),
        box(318, 352, 44, 22, "#f3e8d6", radius=4),
        line("M326 366 l8 -7 l8 7 l8 -5", darker(slate, 0.2), 3),
    )


def parka() -> str:
    blue, lining, dark = "#3f6478", "#e3d3b4", "#22343d"
    body = (
        "M322 222 C306 230 296 234 286 240 C268 300 274 380 272 450 C268 580 258 700 248 806 Q400 838 552 806"
        " C542 700 532 580 528 450 C526 380 532 300 514 240 C504 234 494 230 478 222 Q400 262 322 222Z"
    )
    pocket = "M300 610 H372 V716 Q336 728 296 716Z"
    return group(
        _sleeves(blue, dark),
        path(body, blue),
        clipped(
            "parka-body",
            body,
            path("M240 220 H300 C280 420 280 640 300 840 H240Z", darker(blue), opacity=0.4),
            path("M560 220 H500 C520 420 520 640 500 840 H560Z", darker(blue), opacity=0.4),
            line("M262 560 Q400 584 538 560", darker(blue, 0.4), 5, opacity=0.7),
            path("M240 786 Q400 822 560 786 V850 H240Z", darker(blue, 0.2)),
        ),
        _hood(blue),
        line("M344 222 C326 142 358 108 400 108 C442 108 474 142 456 222", lining, 14),
        line("M344 222 C326 142 358 108 400 108 C442 108 474 142 456 222", darker(lining, 0.2), 4, dashes="3 9"),
        both_sides(
            path(pocket, lighter(blue, 0.08)),
            line(pocket, darker(blue, 0.45), 3, opacity=0.7),
            path("M296 600 H376 V640 Q336 652 292 640Z", lighter(blue, 0.16)),
            circle(336, 632, 6, lining),
            path("M310 410 H370 V488 Q340 496 306 488Z", lighter(blue, 0.06)),
            path("M306 402 H374 V432 Q340 442 304 432Z", lighter(blue, 0.14)),
            circle(340, 424, 5, lining),
        ),
        path("M384 240 H416 V818 Q400 822 384 818Z", darker(blue, 0.14)),
        line("M416 244 V816", darker(blue, 0.5), 3, opacity=0.7),
        *(circle(400, y, 7, lining) for y in range(290, 800, 84)),
        both_sides(line("M330 560 q-8 26 4 40", lining, 4)),
    )


def vest() -> str:
    mustard, trim = "#c79a35", "#3d4a45"
    body = (
        "M326 214 C318 224 314 232 306 240 C322 300 310 350 286 396 C278 520 268 640 258 742 Q400 782 542 742"
        " C532 640 522 520 514 396 C490 350 478 300 494 240 C486 232 482 224 474 214 Q400 250 326 214Z"
    )
    quilting = "".join(
        line(f"M{x} 200 L{x - 340} 780 M{x - 340} 200 L{x} 780", darker(mustard, 0.32), 3, opacity=0.5)
        for x in range(260, 920, 56)
    )
    return group(
        path("M326 214 Q400 260 474 214 Q400 196 326 214Z", darker(mustard, 0.5)),
        path(body, mustard),
        clipped(
            "vest-body",
            body,
            quilting,
            path("M240 380 H306 C296 520 296 660 306 790 H240Z", darker(trim, -0.1), opacity=0.85),
            path("M560 380 H494 C504 520 504 660 494 790 H560Z", darker(trim, -0.1), opacity=0.85),
        ),
        both_sides(
            line("M306 240 C322 300 310 350 286 396", trim, 12),
            line("M258 742 Q330 762 400 764", trim, 10),
            path("M318 560 L376 540 L378 556 L320 578Z", trim),
        ),
        path(
            "M322 220 C314 180 326 150 344 142 Q400 162 456 142 C474 150 486 180 478 220 Q400 262 322 220Z",
            lighter(mustard, 0.06),
        ),
        path("M344 146 Q400 168 456 146 Q446 176 400 182 Q354 176 344 146Z", darker(mustard, 0.5)),
        line("M322 220 Q400 262 478 220", darker(mustard, 0.4), 4, opacity=0.7),
        line("M400 184 V764", trim, 12),
        *(circle(400, y, 9, "#e8e0cf") + circle(400, y, 4, trim) for y in range(220, 760, 88)),
        box(440, 320, 44, 22, "#f3e8d6", radius=4),
        line("M448 334 l8 -7 l8 7 l8 -5", darker(mustard, 0.5), 3),
    )
