"""Five boots, seen from the side, each on a field of 800 by 900."""

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


def approach() -> str:
    suede, rubber, lace = "#5c7480", "#2b2f2d", "#d39a3a"
    upper = (
        "M182 500 C190 560 178 620 172 690 C300 712 520 712 666 690 C680 636 650 600 590 582 C520 560 460 520 420 470"
        " C392 446 356 458 326 482 C284 510 222 512 182 500Z"
    )
    laces = [(410, 492), (438, 524), (470, 552), (506, 576), (546, 594), (586, 606)]
    return group(
        path("M322 490 C352 446 396 428 436 450 C470 484 520 534 588 562 L566 598 L396 530Z", darker(suede, 0.4)),
        path(upper, suede),
        clipped(
            "approach-upper",
            upper,
            path("M120 640 C260 664 430 664 520 616 C580 586 660 590 720 620 V760 H120Z", darker(rubber, -0.15)),
            path("M120 490 H248 C286 550 292 620 280 660 L120 650Z", darker(suede, 0.25)),
            path(
                "M300 660 C330 600 360 560 396 530 L430 560 C400 590 380 620 372 664Z",
                lighter(suede, 0.15),
                opacity=0.7,
            ),
            line("M248 500 C286 550 292 620 280 660", lighter(suede, 0.4), 3, dashes="8 6"),
        ),
        path(
            "M182 504 C222 514 284 512 326 484 C350 464 380 452 404 462 C384 488 350 516 310 530 C262 546 214 542 184 532Z",
            darker(suede, 0.45),
        ),
        path("M184 508 C164 484 164 458 178 448 C196 460 206 486 210 510Z", lace),
        "".join(line(f"M{x} {y} C{x + 14} {y - 20} {x + 32} {y - 24} {x + 44} {y - 14}", lace, 7) for x, y in laces),
        "".join(circle(x, y, 6, "#f3e8d6") for x, y in laces),
        line(
            "M420 474 C388 480 372 458 390 446 C406 440 418 458 424 472 C438 452 468 446 472 464 C470 478 440 480 420 474",
            lace,
            6,
        ),
        line("M300 632 l40 -44 M326 640 l36 -40", lighter(suede, 0.3), 5),
        _sole(rubber, 9, depth=38),
        line("M176 686 C300 708 520 708 660 680", lace, 5),
        move=(-82, -46),
        scale=1.15,
    )


def hut() -> str:
    felt, wool, sole = "#96384a", "#efe6d6", "#4b4038"
    upper = (
        "M236 380 C244 470 232 560 214 640 C206 676 208 694 214 706 C320 722 520 722 640 702 C650 650 620 616 560 596"
        " C500 576 458 536 446 470 C442 440 442 410 446 380 Q340 400 236 380Z"
    )
    tufts = "".join(
        circle(246 + n * 19, 362 + (n % 2) * 5, 22, wool if n % 2 else darker(wool, 0.07)) for n in range(11)
    )
    return group(
        path(upper, felt),
        clipped(
            "hut-upper",
            upper,
            path("M200 370 H300 C310 500 300 620 280 730 H190Z", darker(felt, 0.25), opacity=0.5),
            path("M380 380 C380 480 420 570 520 610 C460 620 390 580 360 480Z", lighter(felt, 0.18), opacity=0.5),
            *(
                line(f"M{220 + a * 24} {460 + (a * 61) % 230} q8 -6 14 2", lighter(felt, 0.3), 2.5, opacity=0.5)
                for a in range(17)
            ),
            path("M180 668 C320 690 520 690 680 650 V740 H180Z", darker(felt, 0.4)),
        ),
        line("M338 392 C336 500 344 600 352 690", lighter(felt, 0.45), 4, dashes="10 8"),
        line("M218 650 C330 676 520 676 634 648", wool, 4, dashes="10 8"),
        tufts,
        ellipse(341, 346, 96, 14, darker(wool, 0.12)),
        ellipse(341, 345, 78, 8, darker(felt, 0.55)),
        line("M240 380 q-22 -34 -8 -56 q20 6 22 48", wool, 6),
        path("M202 696 C320 722 520 722 652 690 C664 712 652 738 620 740 H232 C206 738 196 716 202 696Z", sole),
        line("M208 714 C320 734 520 734 648 710", lighter(sole, 0.3), 4, opacity=0.6),
        line("M470 560 l26 18 M492 536 l-14 46 M508 562 l-46 10", wool, 5),
        move=(-92, -10),
        scale=1.14,
    )
