"""Five pairs of trousers, seen from the front, each on a field of 800 by 900."""

from config.site.artwork.drawing import both_sides, box, circle, clipped, darker, group, lighter, line, path


def _outline(waist: int, knee: int, hem: int, bottom: int, crotch: int = 340, top: int = 130) -> str:
    """The left half of a pair: half widths at the waist, knee and hem."""
    half = (bottom + crotch) / 2
    return (
        f"M{400 - waist} {top} C{400 - waist - 26} {top + 130} {400 - knee - 14} {half - 120:g} {400 - knee} {half:g}"
        f" C{400 - hem - 4} {half + 110:g} {400 - hem} {bottom - 60} {400 - hem} {bottom}"
        f" Q{400 - hem + 56} {bottom + 18} {400 - hem + 112} {bottom + 2}"
        f" C{400 - 38} {half + 120:g} {400 - 24} {half - 60:g} 400 {crotch} V{top + 10} Q{400 - waist / 2:g} {top + 10} {400 - waist} {top}Z"
    )


def _inside(color: str, waist: int, top: int = 130) -> str:
    """The back of the waistband, seen over the front."""
    return path(
        f"M{400 - waist} {top} Q400 {top - 26} {400 + waist} {top} Q400 {top + 22} {400 - waist} {top}Z",
        darker(color, 0.5),
    )


def walking() -> str:
    peat = "#7a6049"
    leg = _outline(106, 140, 148, 812)
    return group(
        _inside(peat, 106),
        both_sides(
            path(leg, peat),
            path("M372 814 C376 700 384 500 400 340 C392 420 364 560 340 816Z", darker(peat), opacity=0.5),
            line("M300 470 C306 600 300 700 296 806", lighter(peat, 0.25), 3, opacity=0.5),
            line("M268 540 q34 20 82 6 M266 566 q34 20 80 8", darker(peat, 0.35), 3, opacity=0.4),
            line("M312 172 C312 220 290 244 280 250", darker(peat, 0.45), 4, opacity=0.7),
            line("M252 796 Q306 814 362 798", darker(peat, 0.35), 3, opacity=0.6),
            path("M292 140 h14 v36 h-14Z M352 146 h14 v34 h-14Z", darker(peat, 0.25)),
        ),
        path("M292 132 Q400 152 508 132 L511 164 Q400 184 289 164Z", lighter(peat, 0.08)),
        line("M289 164 Q400 184 511 164", darker(peat, 0.4), 3, opacity=0.6),
        both_sides(path("M300 132 h12 v40 h-12Z M350 140 h12 v38 h-12Z", darker(peat, 0.3))),
        line("M400 178 V300 Q398 330 400 342", darker(peat, 0.45), 4, opacity=0.7),
        line("M424 178 C426 240 424 270 402 300", darker(peat, 0.4), 3, opacity=0.5, dashes="6 5"),
        circle(400, 158, 9, "#d9b779"),
        path("M470 400 L532 408 L538 510 L474 504Z", darker(peat, 0.1)),
        line("M470 400 L532 408 L538 510 L474 504Z", darker(peat, 0.4), 3, opacity=0.7),
        line("M478 416 L530 422", "#d9b779", 4),
        box(320, 196, 26, 14, "#b8442f", radius=2),
    )


def rain() -> str:
    storm = "#48677d"
    leg = _outline(112, 164, 172, 806)
    return group(
        _inside(storm, 112),
        both_sides(
            path(leg, storm),
            clipped(
                "rain-leg",
                leg,
                path("M200 640 H420 V700 H200Z", darker(storm, 0.14)),
                path("M200 742 H420 V764 H200Z", "#e2c14c"),
                path("M200 752 H420 V756 H200Z", "#f6efe0"),
                path("M372 820 C376 700 384 500 400 340 C390 440 356 600 322 820Z", darker(storm), opacity=0.5),
            ),
            line("M284 180 C266 330 244 520 238 640 C236 720 236 760 238 800", darker(storm, 0.5), 8),
            line("M284 180 C266 330 244 520 238 640 C236 720 236 760 238 800", lighter(storm, 0.4), 2, dashes="5 6"),
            circle(281, 212, 7, "#e2c14c"),
            line("M300 470 q30 26 78 4 M292 500 q34 24 84 6", darker(storm, 0.35), 3, opacity=0.45),
            line("M320 240 C318 300 306 380 300 420", lighter(storm, 0.25), 4, opacity=0.4),
        ),
        path("M286 128 Q400 150 514 128 L518 168 Q400 190 282 168Z", darker(storm, 0.18)),
        both_sides(
            *(
                line(f"M{x} {136 + (x - 290) * 0.1:g} v34", darker(storm, 0.45), 3, opacity=0.6)
                for x in range(300, 400, 14)
            )
        ),
        line("M400 184 V340", darker(storm, 0.45), 4, opacity=0.6),
        line("M392 160 q-16 40 -8 66 M408 160 q18 34 10 60", "#f3e8d6", 5),
        box(436, 214, 46, 22, "#f3e8d6", radius=4),
        line("M444 228 l9 -8 l8 8 l8 -5", darker(storm, 0.3), 3),
    )


def shorts() -> str:
    fern = "#5f8456"
    leg = "M286 230 C270 330 236 480 216 622 Q292 660 376 640 C384 580 392 520 400 462 V240 Q340 242 286 230Z"
    return group(
        path("M286 230 Q400 200 514 230 Q400 256 286 230Z", darker(fern, 0.5)),
        both_sides(
            path(leg, fern),
            path("M376 640 C384 580 392 520 400 462 C388 520 362 580 332 648Z", darker(fern), opacity=0.5),
            path("M216 622 Q292 660 376 640 L378 618 Q296 636 220 598Z", lighter(fern, 0.1)),
            line("M220 598 Q296 636 378 618", darker(fern, 0.4), 3, opacity=0.6),
            line("M318 280 C316 340 282 372 262 380", darker(fern, 0.5), 5, opacity=0.8),
            line("M282 420 C276 480 268 540 258 596", lighter(fern, 0.3), 3, opacity=0.5),
            line("M330 470 q26 14 54 -4 M322 496 q30 14 64 0", darker(fern, 0.35), 3, opacity=0.4),
        ),
        path("M285 230 Q400 256 515 230 L521 274 Q400 300 279 274Z", darker(fern, 0.12)),
        path("M283 240 Q400 266 517 240 L519 264 Q400 290 281 264Z", "#d9b779"),
        line("M283 252 Q400 278 517 252", "#a4763a", 3, dashes="10 8"),
        both_sides(path("M312 236 h15 v48 h-15Z M358 246 h13 v44 h-13Z", darker(fern, 0.32))),
        box(380, 254, 40, 32, "#2b3833", radius=6),
        box(389, 262, 22, 16, "#8d9a94", radius=3),
        line("M400 290 V462", darker(fern, 0.45), 4, opacity=0.7),
        path("M440 470 L508 458 L522 548 L450 560Z", darker(fern, 0.1)),
        line("M440 470 L508 458 L522 548 L450 560Z", darker(fern, 0.42), 3, opacity=0.7),
        line("M448 488 L506 478", "#d39a3a", 4),
        move=(-80, -40),
        scale=1.2,
    )


def climbing() -> str:
    slate, thread = "#5d6a70", "#d39a3a"
    leg = _outline(104, 126, 108, 806)
    return group(
        _inside(slate, 104),
        both_sides(
            path(leg, slate),
            clipped(
                "climbing-leg",
                leg,
                path("M220 470 C280 440 340 450 400 480 V640 C340 620 290 620 220 640Z", darker(slate, 0.14)),
                line("M220 470 C280 440 340 450 400 480 M220 640 C290 620 340 620 400 640", thread, 3, dashes="8 6"),
                path("M200 770 H420 V830 H200Z", darker(slate, 0.22)),
                path("M372 820 C376 700 384 500 400 340 C390 440 356 600 340 820Z", darker(slate), opacity=0.45),
            ),
            line("M310 176 C306 230 290 260 276 270", darker(slate, 0.5), 5, opacity=0.8),
            line("M304 520 q30 16 66 2 M308 560 q30 14 58 2", darker(slate, 0.4), 3, opacity=0.5),
        ),
        path("M294 130 Q400 150 506 130 L510 170 Q400 190 290 170Z", darker(slate, 0.2)),
        *(
            line(f"M{302 + n * 14} {136 + (1 - abs(n - 7) / 7) * 10:g} v32", darker(slate, 0.45), 3, opacity=0.5)
            for n in range(15)
        ),
        line("M400 188 V340", darker(slate, 0.45), 4, opacity=0.7),
        line("M394 158 q-34 46 -26 96 M406 158 q34 40 22 104", thread, 6),
        circle(368, 258, 7, "#b8442f"),
        circle(428, 266, 7, "#b8442f"),
        path("M452 390 L520 380 L530 452 L458 464Z", lighter(slate, 0.08)),
        line("M452 390 L520 380 L530 452 L458 464Z", darker(slate, 0.45), 3, opacity=0.7),
    )


def winter() -> str:
    night, brass = "#35504a", "#d9b779"
    leg = _outline(110, 150, 152, 812, top=110)
    return group(
        line("M330 120 C340 60 372 40 392 30 M470 120 C460 60 428 40 408 30", "#8b4f2b", 14),
        _inside(night, 110, 110),
        both_sides(
            path(leg, night),
            clipped(
                "winter-leg",
                leg,
                path("M200 720 H420 V840 H200Z", darker(night, 0.25)),
                line("M200 720 Q310 736 420 720", lighter(night, 0.3), 3, dashes="8 6"),
                path("M372 820 C376 700 384 500 400 340 C390 440 356 600 330 820Z", darker(night), opacity=0.5),
                path("M240 130 H300 C276 360 262 560 258 720 H220Z", lighter(night, 0.12), opacity=0.5),
            ),
            line("M306 190 L276 296", darker(night, 0.6), 8),
            line("M306 190 L276 296", lighter(night, 0.4), 2, dashes="5 6"),
            line("M300 470 q30 20 72 4 M296 500 q34 22 76 6", darker(night, 0.4), 3, opacity=0.5),
            line("M268 736 V806", brass, 5),
            line("M318 806 q6 22 16 8", brass, 5),
        ),
        path("M286 104 Q400 126 514 104 L520 168 Q400 192 280 168Z", lighter(night, 0.06)),
        line("M280 168 Q400 192 520 168", darker(night, 0.5), 4, opacity=0.7),
        both_sides(path("M308 110 h16 v58 h-16Z M352 118 h14 v56 h-14Z", darker(night, 0.3))),
        line("M400 182 V300 Q398 330 400 342", darker(night, 0.5), 4, opacity=0.8),
        circle(400, 146, 10, brass),
        path("M470 400 L534 410 L540 520 L474 512Z", darker(night, 0.14)),
        line("M470 400 L534 410 L540 520 L474 512Z", darker(night, 0.5), 3, opacity=0.8),
        line("M478 416 L530 424", brass, 4),
    )
