"""Four pieces of wool, seen from the front, each on a field of 800 by 900."""

from config.site.artwork.drawing import both_sides, box, circle, clipped, darker, ellipse, group, lighter, line, path

SHIRT = (
    "M330 214 C312 222 300 228 286 236 C272 300 284 380 284 450 C282 560 276 660 270 764 Q400 792 530 764"
    " C524 660 518 560 516 450 C516 380 528 300 514 236 C500 228 488 222 470 214 Q400 262 330 214Z"
)
ARM = (
    "M290 236 C242 252 222 300 208 388 C194 470 182 572 174 682 Q202 704 238 696 C250 590 268 510 286 440"
    " C292 370 286 300 290 236Z"
)


def _arms(color: str, cuff: str, *, ribs: bool = False) -> str:
    return both_sides(
        path(ARM, darker(color, 0.07)),
        path(
            "M238 696 C250 590 268 510 286 440 C290 400 289 360 288 330 C270 420 230 560 212 699Z",
            darker(color, 0.2),
            opacity=0.5,
        ),
        path("M174 682 Q202 704 238 696 L242 656 Q206 664 178 642Z", cuff),
        "".join(line(f"M{184 + n * 11} {652 + n * 2} l-3 38", darker(cuff, 0.25), 3, opacity=0.6) for n in range(5))
        if ribs
        else "",
        line("M218 480 q24 10 46 2 M212 530 q20 12 44 4", darker(color, 0.3), 3, opacity=0.35),
    )


def base() -> str:
    oat, seam = "#d9cdb4", "#7c8078"
    return group(
        _arms(oat, darker(oat, 0.12)),
        path(SHIRT, oat),
        path("M284 450 C282 560 276 660 270 764 Q290 770 306 772 C310 660 304 540 284 450Z", darker(oat), opacity=0.35),
        path("M516 450 C518 560 524 660 530 764 Q510 770 494 772 C490 660 496 540 516 450Z", darker(oat), opacity=0.35),
        both_sides(
            line("M318 224 C300 300 296 370 286 440", seam, 3, dashes="7 6"),
            line("M300 470 C316 560 312 660 302 760", seam, 3, opacity=0.7, dashes="7 6"),
            line("M348 520 C358 600 352 680 346 760", darker(oat, 0.25), 4, opacity=0.2),
        ),
        path("M330 214 Q400 262 470 214 L458 204 Q400 240 342 204Z", darker(oat, 0.15)),
        path("M342 204 Q400 240 458 204 Q400 190 342 204Z", darker(oat, 0.5)),
        path("M384 236 H416 V382 Q400 392 384 382Z", darker(oat, 0.1)),
        line("M384 240 V382 Q400 392 416 382 V240", seam, 3),
        *(circle(400, y, 8, "#8b6a45") + circle(400, y, 3, darker(oat, 0.4)) for y in (268, 314, 360)),
        line("M272 742 Q400 770 528 742", seam, 3, dashes="7 6"),
        box(424, 720, 44, 24, "#b8442f", radius=3),
        line("M432 734 l8 -8 l8 8 l8 -6", "#f3e8d6", 3),
    )


def jersey() -> str:
    gray, cream, red = "#75828a", "#efe6d6", "#b8442f"
    stitches = "".join(
        line(f"M{x} {y} l7 8 l7 -8", darker(gray, 0.25), 2.5, opacity=0.4)
        for y in range(240, 790, 22)
        for x in range(262 + (y // 22 % 2) * 9, 540, 18)
    )
    band = "".join(
        path(f"M{x} 372 l14 -18 l14 18 l-14 18Z", cream)
        + path(f"M{x + 14} 346 l6 -10 l6 10Z M{x + 14} 398 l6 10 l6 -10Z", red)
        for x in range(256, 550, 36)
    )
    ribs = "".join(line(f"M{x} 724 v58", darker(gray, 0.35), 4, opacity=0.6) for x in range(276, 530, 13))
    return group(
        _arms(gray, darker(gray, 0.12), ribs=True),
        both_sides(path("M212 386 Q250 400 288 382 L286 422 Q246 442 206 424Z", cream, opacity=0.85)),
        path(SHIRT, gray),
        clipped(
            "jersey-body",
            SHIRT,
            stitches,
            box(240, 330, 320, 84, darker(gray, 0.2)),
            line("M240 330 H560 M240 414 H560", cream, 5),
            band,
            box(240, 720, 320, 80, darker(gray, 0.12)),
            ribs,
            path("M240 220 H300 C290 420 290 640 306 800 H240Z", darker(gray), opacity=0.3),
            path("M560 220 H500 C510 420 510 640 494 800 H560Z", darker(gray), opacity=0.3),
        ),
        path("M326 216 Q400 268 474 216 L462 186 Q400 222 338 186Z", darker(gray, 0.12)),
        path("M338 186 Q400 222 462 186 Q400 166 338 186Z", darker(gray, 0.5)),
        *(
            line(
                f"M{344 + n * 16} {200 + (1 - abs(n - 3.5) / 3.5) * 16:g} l{(n - 3.5) * -1:g} 28",
                darker(gray, 0.4),
                3,
                opacity=0.6,
            )
            for n in range(8)
        ),
    )


def johns() -> str:
    plum, pale = "#6f4259", "#d9c3cb"
    leg = (
        "M300 120 C284 230 270 340 266 470 C262 600 268 700 276 812 Q312 826 350 814 C358 680 372 520 400 356 V140"
        " Q350 142 300 120Z"
    )
    ribs = "".join(
        line(f"M{x} 150 C{x - 10} 360 {x - 8} 600 {x} 800", darker(plum, 0.25), 3, opacity=0.3)
        for x in range(284, 400, 13)
    )
    return group(
        path("M300 120 Q400 92 500 120 Q400 144 300 120Z", darker(plum, 0.5)),
        both_sides(
            path(leg, plum),
            clipped(
                "johns-leg",
                leg,
                ribs,
                path("M350 814 C358 680 372 520 400 356 C388 460 350 640 330 818Z", darker(plum), opacity=0.5),
                path("M250 760 H380 V830 H250Z", pale),
                *(line(f"M{x} 764 v58", darker(pale, 0.3), 3, opacity=0.6) for x in range(270, 356, 11)),
                line("M250 760 H380", darker(plum, 0.4), 4),
            ),
            line("M286 470 q36 18 80 2 M286 500 q36 18 74 6", darker(plum, 0.4), 3, opacity=0.4),
        ),
        path("M300 120 Q400 146 500 120 L505 176 Q400 202 295 176Z", pale),
        *(
            line(f"M{310 + n * 15} {130 + (1 - abs(n - 6) / 6) * 14:g} v42", darker(pale, 0.25), 3, opacity=0.5)
            for n in range(13)
        ),
        line("M295 176 Q400 202 505 176", darker(plum, 0.4), 4),
        path("M400 200 Q430 260 424 330 Q412 352 400 356Z", darker(plum, 0.18)),
        line("M400 196 V356 M424 204 Q436 280 402 350", darker(plum, 0.5), 3, opacity=0.7),
        circle(400, 244, 7, pale),
        circle(400, 292, 7, pale),
    )


def hat() -> str:
    red, oat = "#b8442f", "#e6dac2"
    crown = "M196 560 C190 360 262 210 400 204 C538 210 610 360 604 560 Q400 600 196 560Z"
    cuff = "M176 540 Q400 590 624 540 Q640 612 628 688 Q400 744 172 688 Q160 612 176 540Z"
    ribs = "".join(
        line(f"M400 206 C{400 + n * 16} 260 {400 + n * 28} 400 {400 + n * 30} 580", darker(red, 0.3), 4, opacity=0.45)
        for n in range(-7, 8)
    )
    zigzag = "M180 440 " + " ".join(f"l20 {-30 if n % 2 else 30}" for n in range(22))
    return group(
        path(crown, red),
        clipped(
            "hat-crown",
            crown,
            ribs,
            box(160, 392, 480, 96, darker(red, 0.15)),
            line("M160 392 Q400 410 640 392 M160 488 Q400 506 640 488", oat, 8),
            line(zigzag, oat, 10),
            path("M190 560 C190 360 250 240 330 214 C270 320 260 440 268 600Z", lighter(red, 0.15), opacity=0.5),
            path("M610 560 C610 360 550 240 470 214 C530 320 540 440 532 600Z", darker(red, 0.3), opacity=0.35),
        ),
        path(cuff, oat),
        clipped(
            "hat-cuff",
            cuff,
            *(
                line(f"M{x} 530 q{(x - 400) * 0.03:g} 90 {(x - 400) * 0.01:g} 220", darker(oat, 0.25), 5, opacity=0.5)
                for x in range(170, 640, 19)
            ),
            path("M160 640 Q400 700 640 640 V760 H160Z", darker(oat, 0.3), opacity=0.3),
        ),
        line("M176 540 Q400 590 624 540", darker(red, 0.45), 4, opacity=0.6),
        box(470, 612, 60, 40, "#24493d", radius=4),
        line("M480 638 l11 -13 l10 12 l9 -8 l12 10", "#f3e8d6", 4),
        ellipse(400, 206, 18, 8, darker(red, 0.35)),
        move=(-40, 36),
        scale=1.1,
    )
