"""Three boots, seen from the side, each on a field of 800 by 900."""

from itertools import pairwise

from config.site.artwork.drawing import circle, clipped, darker, ellipse, group, lighter, line, path


def _sole(color: str, lugs: int, *, top: int = 690, depth: int = 46, left: int = 170, right: int = 664) -> str:
    """A midsole with a row of lugs beneath."""
    width = (right - left - 40) / lugs
    pieces = "".join(
        path(
            f"M{left + 16 + n * width:g} {top + depth - 6} h{width - 9:g} l-5 26 h-{width - 19:g}Z",
            darker(color, 0.35),
        )
        for n in range(lugs)
        if n != lugs // 2 - 1
    )
    return (
        pieces
        + path(
            f"M{left} {top - 18} C{left - 8} {top + 10} {left - 4} {top + depth} {left + 24} {top + depth}"
            f" H{right - 50} C{right - 6} {top + depth - 4} {right + 10} {top + 20} {right + 4} {top - 26}"
            f" C{right - 90} {top + 4} {left + 120} {top - 2} {left} {top - 18}Z",
            color,
        )
        + line(
            f"M{left + 4} {top + 14} C{left + 150} {top + 26} {right - 120} {top + 28} {right} {top + 6}",
            lighter(color, 0.3),
            4,
            opacity=0.5,
        )
    )


def mid() -> str:
    hide, lace, rubber = "#8b4f2b", "#b8442f", "#2b2f2d"
    upper = (
        "M196 318 C206 420 196 500 184 580 C176 630 172 660 176 690 C300 712 520 712 664 684 C676 624 648 580 584 558"
        " C520 536 470 508 440 456 C424 420 420 360 424 300 C350 276 260 284 196 318Z"
    )
    hooks = [(421, 334), (422, 372), (430, 412), (446, 452), (474, 490), (510, 518), (550, 540)]
    return group(
        path(
            "M404 306 C436 270 462 262 470 276 C468 350 470 400 486 440 C500 470 530 500 566 524 L540 552 L440 470Z",
            darker(hide, 0.35),
        ),
        path(upper, hide),
        clipped(
            "mid-upper",
            upper,
            path("M120 620 C260 668 480 660 560 600 C600 570 660 580 720 600 V760 H120Z", darker(rubber, -0.2)),
            path("M186 470 C250 480 290 540 286 690 H120 V460Z", darker(hide, 0.2)),
            path("M196 318 C206 420 196 500 184 580 L160 600 V300Z", darker(hide, 0.3), opacity=0.4),
            path("M440 456 C400 520 330 560 300 640 C380 600 470 560 520 528Z", lighter(hide, 0.12), opacity=0.6),
        ),
        line("M186 470 C250 480 290 540 286 668", lighter(hide, 0.4), 3, dashes="9 7"),
        line("M412 320 C412 400 424 450 470 506 C510 546 560 562 590 570", lighter(hide, 0.4), 3, dashes="9 7"),
        path("M190 320 C260 282 350 274 428 298 L426 344 C340 318 262 326 198 362Z", darker(hide, 0.45)),
        line("M194 340 C262 304 348 296 427 320", lighter(hide, 0.2), 3, opacity=0.5),
        path("M196 326 C180 296 184 262 202 250 C214 262 220 290 220 314Z", darker(hide, 0.45)),
        "".join(line(f"M{x} {y} C{x + 22} {y - 16} {x + 40} {y - 14} {x + 46} {y - 2}", lace, 8) for x, y in hooks),
        "".join(line(f"M{x + 44} {y - 2} L{nx} {ny}", darker(lace, 0.2), 6) for (x, y), (nx, ny) in pairwise(hooks)),
        "".join(circle(x, y, 7, "#d9b779") + circle(x, y, 3, "#5b3d22") for x, y in hooks),
        line(
            "M424 330 C380 346 372 392 396 402 C412 404 420 372 424 334 C448 330 476 352 466 384 C456 398 436 366 424 334",
            lace,
            7,
        ),
        _sole(rubber, 11),
        line("M178 684 C300 706 520 706 662 676", "#b8442f", 6),
        move=(-18, 62),
    )


def trail() -> str:
    knit, sole, accent = "#9aa881", "#d39a3a", "#2f5548"
    upper = (
        "M178 520 C186 570 176 620 170 690 C300 712 520 712 668 690 C684 640 650 604 596 590 C530 574 470 540 420 492"
        " C392 470 360 480 330 502 C290 528 220 528 178 520Z"
    )
    mesh = "".join(line(f"M{x} 460 l-70 260", lighter(knit, 0.35), 3, opacity=0.5) for x in range(220, 780, 22))
    laces = [(414, 508), (444, 534), (478, 556), (516, 574), (554, 588)]
    return group(
        path("M330 508 C360 470 396 452 432 470 C470 500 520 544 580 568 L560 600 L400 540Z", darker(accent, 0.1)),
        path(upper, knit),
        clipped(
            "trail-upper",
            upper,
            mesh,
            path("M120 500 H250 C292 560 300 640 290 720 H120Z", accent),
            path("M120 660 C300 690 470 690 560 640 C600 616 660 620 720 640 V760 H120Z", darker(knit, 0.35)),
            path("M330 700 C360 620 400 560 430 530 L462 556 C430 590 400 640 392 700Z", accent),
            path("M432 700 C460 640 490 600 520 580 L548 594 C520 620 496 660 488 700Z", accent, opacity=0.8),
        ),
        path(
            "M178 520 C220 530 290 528 330 502 C350 486 376 474 400 478 C380 500 350 530 310 546 C260 562 210 556 180 546Z",
            darker(knit, 0.45),
        ),
        path("M178 524 C160 500 160 476 172 464 C190 474 202 500 206 524Z", accent),
        "".join(
            line(f"M{x} {y} C{x + 14} {y - 20} {x + 34} {y - 24} {x + 46} {y - 14}", "#f3e8d6", 7) for x, y in laces
        ),
        "".join(circle(x, y, 6, darker(knit, 0.5)) for x, y in laces),
        line(
            "M426 492 C396 498 380 476 396 464 C412 458 422 476 428 490 C440 470 470 462 476 480 C474 494 446 496 428 492",
            "#f3e8d6",
            6,
        ),
        line("M214 640 q14 -40 46 -46", "#d39a3a", 6),
        _sole(sole, 13, depth=40),
        line("M176 720 C320 734 520 734 656 714", darker(sole, 0.3), 5, opacity=0.6),
        move=(-82, -46),
        scale=1.15,
    )


def winter() -> str:
    coal, wool, rubber = "#3b4347", "#efe6d6", "#23282a"
    upper = (
        "M204 196 C212 330 206 460 188 570 C178 630 172 660 176 690 C300 712 520 712 664 686 C678 622 650 572 588 552"
        " C520 530 478 500 456 444 C440 380 438 280 446 188 C370 166 280 168 204 196Z"
    )
    tufts = "".join(
        circle(
            206 + n * 24.5,
            186 - (abs(5 - n) < 4) * 12 - (abs(5 - n) < 2) * 4,
            26,
            wool if n % 2 else darker(wool, 0.07),
        )
        for n in range(11)
    )
    hooks = [(444, 250), (444, 296), (446, 342), (450, 388), (460, 432), (482, 476), (516, 508), (556, 530)]
    return group(
        path(
            "M440 200 C470 190 490 200 490 220 C486 330 490 390 506 432 C520 464 548 494 580 516 L552 546 L456 460Z",
            darker(coal, 0.4),
        ),
        path(upper, coal),
        clipped(
            "winter-upper",
            upper,
            path("M120 600 C260 640 480 640 570 580 C606 556 660 560 720 580 V760 H120Z", darker(rubber, 0.1)),
            path("M150 180 H290 C300 330 300 430 262 520 C240 570 230 620 232 720 H120Z", darker(coal, 0.25)),
            path("M300 230 C330 330 330 430 300 520 C360 470 400 330 396 220Z", lighter(coal, 0.14), opacity=0.6),
            path("M200 300 H460 V330 H200Z", "#b8442f"),
            path("M200 311 H460 V319 H200Z", "#e7b85c"),
        ),
        line("M290 190 C300 330 300 430 262 520 C244 560 234 590 232 622", lighter(coal, 0.45), 3, dashes="9 7"),
        line("M430 200 C424 300 432 400 448 452 C474 514 540 550 592 562", lighter(coal, 0.45), 3, dashes="9 7"),
        tufts,
        ellipse(326, 160, 116, 18, darker(wool, 0.12)),
        ellipse(326, 158, 96, 11, darker(wool, 0.45)),
        "".join(line(f"M{x} {y} C{x + 18} {y - 14} {x + 34} {y - 12} {x + 42} {y}", "#e7b85c", 7) for x, y in hooks),
        "".join(line(f"M{x + 40} {y} L{nx} {ny}", darker("#e7b85c", 0.2), 5) for (x, y), (nx, ny) in pairwise(hooks)),
        "".join(circle(x, y, 8, "#8d979b") + circle(x, y, 3, coal) for x, y in hooks),
        _sole(rubber, 10, depth=52),
        line("M178 684 C300 706 520 706 662 678", "#8d979b", 5),
        move=(-18, 56),
    )
