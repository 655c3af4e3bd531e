"""Scenes for the home page, the magazine's articles and the page that is not there, 1600 by 900."""

import math
from collections.abc import Callable, Iterator

from config.site.artwork.boots import mid
from config.site.artwork.drawing import (
    box,
    circle,
    clipped,
    darker,
    document,
    ellipse,
    gradient,
    group,
    line,
    mixed,
    path,
)
from config.site.artwork.jackets import shell
from config.site.artwork.packs import trekking

WIDTH, HEIGHT = 1600, 900


def scatter(seed: int, count: int) -> Iterator[tuple[float, float]]:
    """Points of the unit square that look strewn and are the same each time (Kronecker sequence of the plastic number)."""
    for n in range(seed, seed + count):
        yield (n * 0.7548776662466927) % 1, (n * 0.5698402909980532) % 1


def ridge(level: float, height: float, seed: float, *, rough: float = 1) -> str:
    """The outline of a chain of hills whose crest wanders about a level."""
    crest = []
    for x in range(0, WIDTH + 1, 16):
        t = x / WIDTH
        y = (
            math.sin(t * 5.1 + seed) * 0.55
            + math.sin(t * 11.3 + seed * 2.3) * 0.28 * rough
            + math.sin(t * 27.7 + seed * 3.1) * 0.1 * rough
            + math.sin(t * 71.0 + seed * 5.7) * 0.03 * rough
        )
        crest.append(f"{x} {level - y * height:.1f}")
    return f"M{' L'.join(crest)} V{HEIGHT} H0Z"


def sky(top: str, middle: str, bottom: str) -> str:
    return gradient("sky", (0, top), (0.55, middle), (1, bottom)) + box(0, 0, WIDTH, HEIGHT, "url(#sky)")


def ranges(near: str, far: str, *layers: tuple[float, float, float]) -> str:
    """Hills behind hills, paler the farther away; layers are level, height and seed, the farthest first."""
    last = max(len(layers) - 1, 1)
    return "".join(
        path(ridge(level, height, seed), mixed(far, near, n / last)) for n, (level, height, seed) in enumerate(layers)
    )


def pine(x: float, y: float, size: float, color: str) -> str:
    tiers = "".join(f"M0 {-100 + n * 20} L{16 + n * 7} {-58 + n * 22} H{-16 - n * 7}Z " for n in range(4))
    return group(box(-3, -8, 6, 16, darker(color)), path(tiers, color), move=(x, y), scale=size)


def birch(x: float, y: float, size: float, leaves: str) -> str:
    crown = "".join(
        circle((a - 0.5) * 90, -250 + (b - 0.5) * 170, 34 + 12 * a, mixed(leaves, "#e5c45c", b * 0.35), opacity=0.92)
        for a, b in scatter(3, 22)
    )
    bark = "".join(line(f"M{-5 + (n % 2) * 4} {-20 - n * 22} h6", "#4a4f48", 3) for n in range(8))
    return group(
        path("M-9 0 C-6 -90 -4 -180 0 -300 C4 -180 6 -90 9 0Z", "#e9e4d8"),
        bark,
        line("M0 -170 L40 -230 M0 -200 L-36 -250", "#d8d2c4", 5),
        crown,
        move=(x, y),
        scale=size,
    )


def walker(x: float, y: float, size: float, jacket: str = "#b8442f") -> str:
    return group(
        line("M-2 -34 L-12 0 M2 -34 L12 -1", "#2a3531", 9),
        path("M-14 -74 Q0 -88 14 -74 L12 -30 H-12Z", jacket),
        path("M-26 -74 Q-30 -46 -14 -40 L-12 -74Z", "#3c4a44"),
        line("M10 -66 L26 -42", darker(jacket, 0.1), 7),
        line("M26 -44 L32 0", "#7d6a50", 3),
        circle(0, -92, 10, "#c99a76"),
        path("M-12 -94 Q0 -112 12 -94 Q0 -98 -12 -94Z", "#2a3531"),
        move=(x, y),
        scale=size,
    )


def birds(x: float, y: float, color: str, size: float = 1) -> str:
    return group(
        *(
            line(f"M{dx - 16} {dy} q10 -14 16 0 q8 -14 18 -2", color, 3.5, opacity=0.75)
            for dx, dy in ((0, 0), (54, -26), (92, 12), (-48, -34))
        ),
        move=(x, y),
        scale=size,
    )


def grass(seed: int, count: int, top: float, color: str) -> str:
    blades = []
    for a, b in scatter(seed, count):
        x, y = a * WIDTH, top + b * (HEIGHT - top)
        tall = 10 + b * 26
        blades.append(f"M{x:.0f} {y:.0f}q{3 + a * 6:.0f} {-tall * 0.6:.0f} {8 - a * 16:.0f} {-tall:.0f}")
    return line("".join(blades), color, 2.5, opacity=0.5)


def home() -> str:
    lake = "M620 646 C800 622 1180 618 1600 640 V726 C1280 716 900 730 700 706 C600 694 560 664 620 646Z"
    trees = "".join(
        pine(1050 + a * 560, 652 - b * 26 + a * 6, 0.5 + b * 0.45, mixed("#2b4a3f", "#46685a", b))
        for a, b in scatter(11, 30)
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#9cb9bd", "#e4ddc8", "#f2d9b4"),
            circle(1130, 330, 78, "#fbeecb"),
            circle(1130, 330, 150, "#fbeecb", opacity=0.35),
            path(
                "M0 250 C240 220 380 262 620 236 S1080 206 1600 246 V270 C1200 250 900 290 600 266 S200 286 0 276Z",
                "#f4ead6",
                opacity=0.7,
            ),
            birds(760, 250, "#4d5f5a"),
            ranges("#476a5e", "#b3c2b9", (420, 120, 0.6), (490, 110, 2.1), (560, 90, 4.4), (626, 60, 1.1)),
            path(lake, "#c9d6d0"),
            clipped(
                "lake",
                lake,
                path("M1060 620 H1200 L1230 740 H1030Z", "#fbeecb", opacity=0.7),
                *(
                    line(f"M{620 + a * 960:.0f} {640 + b * 80:.0f} h{40 + 90 * b:.0f}", "#f6f0e0", 3, opacity=0.5)
                    for a, b in scatter(5, 34)
                ),
            ),
            trees,
            path("M0 690 C220 640 470 660 720 710 S1240 730 1600 690 V900 H0Z", "#5f7f5b"),
            path("M0 760 C300 700 620 740 900 790 S1360 800 1600 760 V900 H0Z", "#4a6b4c"),
            path(
                "M1010 900 C1040 830 1180 800 1150 770 C1120 744 1020 752 1040 726 C1050 714 1090 712 1120 708 C1080 714 1064 722 1068 732 "
                "C1080 750 1190 744 1204 776 C1216 812 1130 840 1150 900Z",
                "#d9c79c",
            ),
            grass(17, 240, 740, "#2f4f39"),
            walker(1168, 776, 0.95),
            birch(1452, 850, 1.35, "#7f9a4b"),
            birch(1548, 872, 1.1, "#8ba352"),
            "".join(pine(40 + a * 300, 830 + b * 60, 0.9 + b * 0.9, "#2b4739") for a, b in scatter(31, 9)),
        ],
    )


def rain() -> str:
    drops = "".join(f"M{a * 1700:.0f} {b * 900:.0f}l-{12 + 8 * b:.0f} {46 + 30 * a:.0f}" for a, b in scatter(7, 260))
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#74878f", "#9aabaf", "#bcc7c5"),
            *(
                ellipse(a * WIDTH, 90 + b * 130, 220 + 90 * a, 46 + 20 * b, "#5f727b", opacity=0.35)
                for a, b in scatter(2, 14)
            ),
            ranges("#33504f", "#8fa2a4", (400, 150, 1.7), (480, 120, 3.9), (580, 100, 0.3), (680, 70, 5.2)),
            path("M0 770 C320 700 700 760 1000 730 S1420 720 1600 750 V900 H0Z", "#3f5d46"),
            path(
                "M560 900 C640 830 820 800 780 768 C760 750 840 742 900 738 C870 748 850 756 866 770 C900 800 800 840 790 900Z",
                "#a9aa95",
            ),
            *(ellipse(620 + a * 260, 810 + b * 80, 34, 6, "#c4cdca", opacity=0.6) for a, b in scatter(4, 8)),
            grass(40, 200, 760, "#263f33"),
            walker(846, 790, 1.5, "#d39a3a"),
            "".join(pine(80 + a * 380, 790 + b * 50, 1 + b, "#22403a") for a, b in scatter(9, 8)),
            "".join(pine(1240 + a * 340, 780 + b * 60, 1 + b, "#22403a") for a, b in scatter(19, 7)),
            line(drops, "#e6eded", 2.5, opacity=0.42),
        ],
    )


def washing() -> str:
    petals = "".join(
        circle(a * WIDTH, 730 + b * 160, 4 + 4 * b, ("#f3e8d6", "#d39a3a", "#c7705a")[n % 3], opacity=0.9)
        for n, (a, b) in enumerate(scatter(61, 130))
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#a9ccd3", "#d6e4dd", "#f3ecd4"),
            *(
                ellipse(x, y, 130, 26, "#fbf7ea", opacity=0.8)
                for x, y in ((260, 170), (350, 150), (1180, 220), (1280, 200), (1360, 222))
            ),
            ranges("#7f9f78", "#b6cabd", (520, 90, 2.6), (590, 70, 0.9), (650, 60, 4.1)),
            path("M0 700 C400 640 900 700 1600 650 V900 H0Z", "#7d9c58"),
            path("M0 770 C500 720 1000 780 1600 730 V900 H0Z", "#66874c"),
            birch(300, 800, 2.1, "#7f9a4b"),
            birch(1310, 800, 2.2, "#88a150"),
            line("M310 350 Q800 440 1300 344", "#4a4f48", 4),
            group(shell(), move=(618, 330), scale=0.5),
            box(742, 390, 9, 32, "#c9a468", radius=3),
            box(878, 390, 9, 32, "#c9a468", radius=3),
            group(
                path("M-60 0 H60 L54 150 Q0 164 -54 150Z", "#e9e1cd"),
                line("M-56 110 Q0 122 56 110", "#b8442f", 6),
                move=(520, 386),
            ),
            box(468, 376, 8, 28, "#c9a468", radius=3),
            box(566, 384, 8, 28, "#c9a468", radius=3),
            group(
                path("M-16 0 H16 V70 Q18 92 44 96 Q48 116 20 116 Q-16 116 -16 84Z", "#48677d"),
                box(-16, 0, 32, 14, "#e7b85c"),
                move=(1010, 398),
            ),
            group(
                path("M-16 0 H16 V70 Q18 92 44 96 Q48 116 20 116 Q-16 116 -16 84Z", "#48677d"),
                box(-16, 0, 32, 14, "#e7b85c"),
                move=(1090, 390),
            ),
            box(1006, 386, 8, 26, "#c9a468", radius=3),
            box(1086, 378, 8, 26, "#c9a468", radius=3),
            grass(70, 220, 740, "#45663a"),
            petals,
        ],
    )


def bothy() -> str:
    stars = "".join(
        circle(a * WIDTH, b * 470, 1.2 + 2.2 * ((a * 7) % 1), "#f6efd8", opacity=round(0.4 + 0.6 * b, 2))
        for a, b in scatter(5, 170)
    )
    stones = "".join(
        box(
            640 + (n % 9) * 40 + (n // 9 % 2) * 16,
            612 + (n // 9) * 24,
            34,
            18,
            ("#6d7472", "#7c8380", "#636a69")[n % 3],
            radius=5,
        )
        for n in range(54)
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#131f33", "#243a50", "#4d6472"),
            path("M200 0 C520 140 900 220 1400 470 L1600 430 V300 C1200 160 900 60 700 0Z", "#6f86a0", opacity=0.14),
            stars,
            circle(1270, 170, 52, "#f3ead0"),
            circle(1294, 158, 46, "#1d2e44"),
            ranges("#1a2b33", "#3b5264", (470, 170, 0.2), (560, 120, 3.3), (640, 90, 1.6)),
            path("M0 740 C400 690 900 720 1600 700 V900 H0Z", "#1d2f2c"),
            path("M700 900 C780 830 800 790 810 752 H856 C870 800 900 850 1000 900Z", "#51564a"),
            path("M860 620 L1010 900 H760 L812 752Z", "#f0c564", opacity=0.1),
            clipped("wall", "M630 606 H1030 V756 H630Z", box(630, 606, 400, 150, "#565d5c"), stones),
            path("M596 616 L660 500 H1000 L1064 616Z", "#2b3436"),
            line("M606 600 H1054 M622 570 H1038 M640 540 H1020", "#3b4648", 5),
            box(930, 452, 44, 74, "#565d5c", radius=4),
            *(
                circle(
                    958 + 18 * n + 6 * (n % 2), 430 - 34 * n, 18 + 7 * n, "#aeb9bd", opacity=round(0.34 - 0.06 * n, 2)
                )
                for n in range(5)
            ),
            box(806, 650, 56, 106, "#5b3d2b", radius=3),
            circle(852, 706, 4, "#e7b85c"),
            box(692, 652, 70, 56, "#f6cd6b", radius=3),
            line("M727 652 V708 M692 680 H762", "#3a3027", 5),
            box(914, 652, 70, 56, "#f6cd6b", radius=3),
            line("M949 652 V708 M914 680 H984", "#3a3027", 5),
            ellipse(727, 740, 90, 14, "#f6cd6b", opacity=0.16),
            ellipse(949, 740, 90, 14, "#f6cd6b", opacity=0.16),
            grass(90, 150, 770, "#324a41"),
            "".join(pine(60 + a * 400, 760 + b * 60, 1.2 + b, "#12211f") for a, b in scatter(23, 9)),
            "".join(pine(1180 + a * 400, 760 + b * 70, 1.2 + b, "#12211f") for a, b in scatter(37, 9)),
        ],
    )


def descent() -> str:
    lake = "M150 620 C420 590 760 600 980 626 C900 676 600 690 360 676 C230 668 120 650 150 620Z"
    zigzag = "M1330 240 L1180 292 L1390 346 L1130 412 L1420 486 L1040 566 L1330 650 L900 740 L1060 800 L760 900"
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#7fa3b5", "#e8c9a2", "#f3dcae"),
            circle(330, 410, 66, "#fdf0c9"),
            circle(330, 410, 140, "#fdf0c9", opacity=0.3),
            ranges("#5f7d78", "#b9bfae", (480, 110, 5.1), (540, 80, 2.2), (600, 60, 0.8)),
            path("M0 640 C300 600 800 620 1100 660 V900 H0Z", "#6b8a63"),
            path(lake, "#f1dfb8"),
            clipped(
                "water",
                lake,
                path("M270 590 H390 L430 700 H230Z", "#fdf3d2", opacity=0.8),
                *(
                    line(f"M{160 + a * 800:.0f} {605 + b * 70:.0f} h{40 + 70 * b:.0f}", "#c9b98f", 3, opacity=0.45)
                    for a, b in scatter(3, 26)
                ),
            ),
            path("M620 900 C760 720 980 560 1120 330 C1200 210 1320 150 1600 90 V900Z", "#56784f"),
            path("M1000 900 C1120 740 1320 560 1410 380 C1460 280 1520 200 1600 170 V900Z", "#486a47"),
            line(zigzag, "#e4d2a4", 16),
            line(zigzag, "#c9b483", 3, dashes="4 16"),
            path("M0 800 C240 740 500 800 760 860 L800 900 H0Z", "#3f5f42"),
            grass(51, 160, 780, "#2f4f39"),
            walker(1240, 676, 0.9),
            walker(1180, 428, 0.5, "#d39a3a"),
            "".join(pine(30 + a * 420, 800 + b * 70, 1 + b, "#2b4739") for a, b in scatter(13, 9)),
            group(
                *(ellipse(0, -n * 26, 60 - n * 9, 16, ("#8f938b", "#7c817a")[n % 2]) for n in range(6)),
                move=(1500, 250),
            ),
        ],
    )


def weight() -> str:
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#8fb0bf", "#cfdcd6", "#efe3c8"),
            *(
                ellipse(x, y, 150, 24, "#fbf7ea", opacity=0.75)
                for x, y in ((360, 160), (470, 140), (1100, 120), (1210, 140))
            ),
            ranges("#446a66", "#b2c5c6", (400, 100, 3.2), (470, 100, 0.4), (550, 90, 4.7), (640, 80, 2.4)),
            birds(980, 260, "#4d5f5a", 1.1),
            path("M0 720 C220 650 560 700 800 720 S1300 660 1600 700 V900 H0Z", "#6d8458"),
            path("M0 800 C400 750 900 800 1600 770 V900 H0Z", "#58704a"),
            grass(33, 260, 720, "#3c5636"),
            *(
                ellipse(x, y, rx, ry, color)
                for x, y, rx, ry, color in (
                    (1000, 812, 150, 40, "#777d76"),
                    (900, 790, 90, 34, "#8b908a"),
                    (1080, 766, 120, 34, "#8f948d"),
                    (970, 742, 100, 32, "#7d827b"),
                    (1040, 708, 96, 28, "#959a92"),
                    (1000, 676, 74, 26, "#81867f"),
                    (1030, 648, 56, 20, "#979c95"),
                    (1008, 626, 38, 16, "#858a83"),
                )
            ),
            ellipse(700, 838, 150, 16, "#2f4432", opacity=0.4),
            group(trekking(), move=(420, 300), scale=0.64, turn=5),
            line("M1210 840 L1160 480", "#8a6f4c", 9),
            line("M1150 478 L1172 474", "#2a3531", 12),
            *(circle(a * WIDTH, 800 + b * 90, 4 + 3 * b, "#b991b5", opacity=0.8) for a, b in scatter(21, 80)),
        ],
    )


def dawn() -> str:
    headland = "M0 900 V470 C80 446 180 452 260 484 C330 512 350 548 420 566 C500 590 520 640 620 690 C700 730 760 820 780 900Z"
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#6d8aa5", "#eab98f", "#f7dba8"),
            circle(860, 520, 96, "#fdeec0"),
            circle(860, 520, 190, "#fdeec0", opacity=0.3),
            circle(860, 520, 300, "#fdeec0", opacity=0.16),
            *(
                ellipse(x, y, rx, 10, "#f7dcc0", opacity=0.75)
                for x, y, rx in ((300, 250, 220), (520, 286, 160), (1200, 220, 260), (1320, 262, 150), (980, 340, 200))
            ),
            box(0, 560, WIDTH, 340, "#6f93a0"),
            path("M790 560 H930 L1010 900 H710Z", "#f6d9a4", opacity=0.45),
            path("M700 560 H1020 L1140 900 H580Z", "#f6d9a4", opacity=0.22),
            *(
                line(f"M{a * WIDTH:.0f} {570 + b * 300:.0f} h{30 + 110 * b:.0f}", "#f8e6c4", 3, opacity=0.4)
                for a, b in scatter(6, 90)
            ),
            path("M1210 580 L1232 390 Q1246 366 1268 372 L1296 420 L1312 582Z", "#4a5a63"),
            path("M1268 372 L1296 420 L1312 582 H1272Z", "#39474f"),
            path("M1350 584 L1366 470 Q1382 452 1400 470 L1420 586Z", "#55666e"),
            path("M1130 574 L1142 500 Q1152 488 1164 500 L1176 574Z", "#5b6c74"),
            path(headland, "#40584a"),
            path("M0 900 V620 C140 600 300 640 420 730 C500 790 520 850 540 900Z", "#33493d"),
            path("M150 470 L160 300 H200 L210 470Z", "#f3ead6"),
            box(158, 346, 44, 30, "#b8442f"),
            box(154, 416, 52, 30, "#b8442f"),
            box(160, 272, 40, 30, "#ffe6a0"),
            path("M154 272 L180 244 L206 272Z", "#2a3531"),
            line("M154 302 H206", "#2a3531", 6),
            path("M200 280 L700 190 V330 L200 296Z", "#ffeebd", opacity=0.16),
            line("M60 900 C120 800 260 760 300 690 C330 640 300 600 250 560", "#d9c79c", 12),
            birds(1040, 300, "#43525a", 1.2),
            birds(620, 400, "#43525a", 0.8),
            path("M1010 660 h130 q-10 26 -34 26 h-66 q-24 0 -30 -26Z", "#2f3d40"),
            line("M1070 660 V596", "#2f3d40", 5),
            path("M1074 600 L1116 648 H1074Z", "#b8442f"),
            clipped("headland", headland, grass(81, 260, 600, "#22382e")),
            walker(236, 636, 0.9),
        ],
    )


def lost() -> str:
    """For the page that is not there: fog, a signpost, a sheep that does not know either."""
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#c3cfcd", "#d8deda", "#e9e7dc"),
            ranges("#a3b4ae", "#c7d1cd", (480, 110, 1.2), (580, 80, 3.6)),
            *(ellipse(a * WIDTH, 470 + b * 190, 330, 40, "#eef0ea", opacity=0.55) for a, b in scatter(8, 16)),
            path("M0 730 C420 680 900 740 1600 700 V900 H0Z", "#8ea383"),
            grass(44, 200, 740, "#6b8465"),
            box(786, 330, 24, 480, "#7d6347", radius=4),
            path("M800 360 H1030 L1070 400 L1030 440 H800Z", "#a98a60"),
            line("M830 400 H990", "#6d553a", 5, dashes="26 14"),
            path("M796 470 H590 L550 508 L590 546 H796Z", "#b79669"),
            line("M620 508 H760", "#6d553a", 5, dashes="26 14"),
            group(
                *(
                    circle(x, y, 34, "#f1ece0")
                    for x, y in ((-50, -60), (-20, -82), (20, -84), (52, -62), (-30, -42), (30, -42), (0, -58))
                ),
                ellipse(88, -78, 24, 18, "#39413e"),
                line("M72 -94 l-14 -10 M80 -98 l4 -16", "#39413e", 8),
                circle(94, -82, 3, "#f1ece0"),
                line("M-34 -24 V4 M-14 -20 V6 M22 -20 V6 M42 -24 V4", "#39413e", 9),
                move=(1150, 800),
                scale=1.2,
            ),
            *(ellipse(a * WIDTH, 690 + b * 120, 300, 30, "#f2f2ea", opacity=0.35) for a, b in scatter(28, 8)),
        ],
    )


def viaduct() -> str:
    arches = "".join(
        path(f"M{150 + n * 150} 900 V600 a52 62 0 0 1 104 0 V900Z", "#5b6a78", opacity=0.9) for n in range(9)
    )
    wagons = "".join(
        group(
            box(0, 0, 150, 62, "#8d3a2c", radius=10),
            *(box(14 + w * 44, 14, 32, 24, "#ffe2a0", radius=4) for w in range(3)),
            line("M8 62 H142", "#2a2f33", 8),
            circle(34, 68, 9, "#2a2f33"),
            circle(116, 68, 9, "#2a2f33"),
            move=(600 + n * 162, 430),
        )
        for n in range(3)
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#3f4f74", "#b98a86", "#efc08b"),
            circle(310, 470, 60, "#fde4b0", opacity=0.9),
            circle(310, 470, 130, "#fde4b0", opacity=0.25),
            *(circle(a * WIDTH, b * 220, 2 + a, "#f6efd8", opacity=0.7) for a, b in scatter(4, 40)),
            ranges("#46506a", "#a08b94", (440, 120, 2.9), (520, 100, 0.7), (600, 80, 4.9)),
            path("M0 660 C320 600 760 700 1600 600 V900 H0Z", "#3b4a4c"),
            arches,
            path(
                "M0 508 H1600 V562 H0Z "
                + " ".join(f"M{150 + n * 150} 562 v80 a52 62 0 0 1 104 0 v-80Z" for n in range(9)),
                "#7b7f80",
            ),
            *(box(104 + n * 150, 556, 48, 344, "#7b7f80") for n in range(10)),
            *(box(96 + n * 150, 552, 64, 18, "#8f9293", radius=3) for n in range(10)),
            line("M0 506 H1600", "#a5a69f", 10),
            wagons,
            group(
                path("M0 0 H96 q20 4 26 62 H0Z", "#24493d"),
                box(14, 12, 30, 24, "#ffe2a0", radius=4),
                line("M6 62 H118", "#2a2f33", 8),
                circle(30, 68, 10, "#2a2f33"),
                circle(94, 68, 10, "#2a2f33"),
                circle(116, 40, 6, "#fff3c4"),
                move=(1086, 430),
            ),
            path("M1210 466 L1560 430 V520 L1210 476Z", "#ffeebd", opacity=0.25),
            path("M0 790 C300 730 700 790 1600 740 V900 H0Z", "#2c3c37"),
            line("M980 900 C1040 850 1180 830 1240 790 C1270 770 1250 750 1290 738", "#b9a67c", 14),
            walker(1200, 806, 1.0),
            walker(1130, 838, 1.0, "#48677d"),
            "".join(pine(30 + a * 560, 800 + b * 70, 1 + b, "#1d2f2c") for a, b in scatter(14, 12)),
            "".join(pine(1380 + a * 220, 790 + b * 60, 1 + b, "#1d2f2c") for a, b in scatter(27, 6)),
        ],
    )


def waxing() -> str:
    panes = "".join(
        box(x, y, 150, 160, "#cfe0e2") + path(f"M{x} {y + 120} q40 -40 80 -16 t70 -20 v76 h-150Z", "#8fae9a")
        for x in (170, 340)
        for y in (120, 300)
    )
    print_lines = "".join(
        line(f"M{380 + (n % 5) * 170} {700 + n // 5 * 24} h{110 + (n * 37) % 40}", "#8d8a80", 4, opacity=0.5)
        for n in range(30)
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            gradient("wall", (0, "#d8ccb4"), (1, "#c9b897")),
            box(0, 0, WIDTH, 640, "url(#wall)"),
            box(140, 90, 380, 400, "#7d6347", radius=6),
            panes,
            path("M170 490 H500 L1000 900 H420Z", "#fff6d8", opacity=0.28),
            path("M0 610 H1600 V900 H0Z", "#9c7a52"),
            *(line(f"M0 {650 + n * 62} H1600", "#7d6347", 4, opacity=0.5) for n in range(5)),
            path("M320 690 L1290 660 L1360 850 L280 880Z", "#efe8d6"),
            print_lines,
            group(mid(), move=(400, 250), scale=0.72),
            group(mid().replace("mid-upper", "other-upper"), move=(700, 262), scale=0.72),
            group(
                ellipse(0, 60, 110, 30, "#6d5a2f"),
                path("M-110 0 V60 Q0 104 110 60 V0Z", "#d39a3a"),
                ellipse(0, 0, 110, 30, "#f3e3b0"),
                path("M-70 30 Q0 56 70 30 V58 Q0 84 -70 58Z", "#24493d"),
                move=(1330, 690),
            ),
            group(
                path("M0 0 h190 q26 0 26 20 t-26 20 h-190 q-16 -20 0 -40Z", "#8b4f2b"),
                *(line(f"M{14 + n * 11} 40 v30", "#39413e", 5) for n in range(17)),
                move=(1120, 800),
                turn=-8,
            ),
            box(1180, 120, 300, 16, "#7d6347", radius=4),
            *(
                box(x, 60, w, 60, c, radius=6)
                for x, w, c in (
                    (1210, 44, "#b8442f"),
                    (1266, 60, "#48677d"),
                    (1340, 36, "#e7b85c"),
                    (1392, 50, "#5f8456"),
                )
            ),
        ],
    )


def darning() -> str:
    gray, red = "#75828a", "#b8442f"
    stitches = "".join(
        line(f"M{a} {b} l12 14 l12 -14", darker(gray, 0.25), 4, opacity=0.5)
        for b in range(230, 720, 36)
        for a in range(300 + (b // 36 % 2) * 16, 1180, 32)
    )
    sleeve = "M180 300 C460 220 900 210 1240 260 L1270 640 C900 720 460 720 160 640Z"
    harp = "".join(line(f"M{640 + n * 22} 372 V560", red, 9) for n in range(9))
    weft = "".join(
        line(f"M{628 + x * 44 + (y % 2) * 22} {388 + y * 22} h24", "#d8705a", 9) for y in range(8) for x in range(4)
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            gradient("table", (0, "#e8dcc4"), (1, "#d3c09c")),
            box(0, 0, WIDTH, HEIGHT, "url(#table)"),
            *(
                line(
                    f"M0 {90 + n * 150} C500 {70 + n * 150} 1100 {110 + n * 150} 1600 {88 + n * 150}",
                    "#b99f74",
                    4,
                    opacity=0.35,
                )
                for n in range(6)
            ),
            ellipse(720, 700, 560, 40, "#7d6347", opacity=0.25),
            path(sleeve, gray),
            clipped(
                "sleeve",
                sleeve,
                stitches,
                path("M120 280 H320 V700 H120Z", darker(gray, 0.15)),
                *(line(f"M{190 + n * 26} 270 V690", darker(gray, 0.4), 6, opacity=0.5) for n in range(6)),
                ellipse(728, 466, 150, 130, darker(gray, 0.12)),
            ),
            harp,
            weft,
            line("M824 560 C900 620 960 560 1010 500 C1060 440 1120 420 1180 470", red, 7),
            line("M1180 470 L1330 380", "#c9ced0", 10),
            line("M1190 460 l24 -14", "#5b6a78", 4),
            *(
                group(
                    circle(0, 0, 110, color),
                    *(
                        line(
                            f"M{-90 + n * 16} {-50 + n * 8} Q0 {-90 + n * 34} {90 - n * 4} {-30 + n * 18}",
                            darker(color, 0.25),
                            5,
                            opacity=0.6,
                        )
                        for n in range(6)
                    ),
                    line("M60 90 C120 130 180 90 240 120", color, 7),
                    move=(x, y),
                    scale=size,
                )
                for x, y, color, size in (
                    (1330, 690, "#b8442f", 1.0),
                    (1160, 790, "#d39a3a", 0.7),
                    (240, 790, "#5f8456", 0.75),
                )
            ),
            group(
                ellipse(0, 0, 74, 54, "#ecd04a"),
                path("M66 -12 q26 -4 30 12 q-8 14 -30 12Z", "#d8b93a"),
                ellipse(-20, -20, 30, 14, "#f6e58a", opacity=0.7),
                move=(470, 800),
            ),
        ],
    )


def clouds() -> str:
    def puff(x: float, y: float, size: float, color: str) -> str:
        return group(
            *(circle((n - 2) * 46, -abs(2 - n) * -10 - 34, 44 - abs(2 - n) * 6, color) for n in range(5)),
            box(-130, -34, 260, 34, color, radius=17),
            move=(x, y),
            scale=size,
        )

    tails = "".join(
        line(f"M{120 + n * 130} {120 + (n * 47) % 60} q90 -50 180 -20 q30 10 20 34", "#f7f5ec", 7, opacity=0.7)
        for n in range(6)
    )
    tower = (
        "M1060 560 C1000 520 1010 450 1070 430 C1050 360 1110 300 1170 310 C1170 250 1120 210 1020 200 "
        "C1120 150 1440 150 1560 200 C1470 214 1430 250 1440 310 C1500 320 1530 380 1490 430 C1540 470 1530 540 1480 560Z"
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#6fa3c4", "#b4d0d8", "#eee6cc"),
            tails,
            puff(280, 400, 1.0, "#fbf9f0"),
            puff(560, 350, 0.75, "#fbf9f0"),
            puff(760, 440, 1.15, "#f6f3e8"),
            puff(120, 490, 0.6, "#fbf9f0"),
            path(tower, "#8e9aa6"),
            path(
                "M1110 540 C1080 500 1110 450 1150 440 C1140 390 1190 360 1240 370 C1300 350 1360 400 1350 440 C1400 460 1400 520 1370 540Z",
                "#b3bcc4",
            ),
            path("M1040 556 H1500 L1440 640 H1010Z", "#66737f", opacity=0.45),
            line("M1250 560 l-24 44 l28 -4 l-30 56", "#f6d76a", 6),
            ranges("#55745f", "#a9bdb4", (560, 80, 1.9), (620, 70, 3.3), (680, 60, 0.5)),
            ellipse(420, 560, 190, 30, "#dfe4e2", opacity=0.9),
            ellipse(420, 548, 130, 24, "#eef0ea", opacity=0.9),
            path("M0 740 C400 690 900 760 1600 710 V900 H0Z", "#6d8a56"),
            path("M0 820 C400 780 1000 830 1600 790 V900 H0Z", "#567446"),
            grass(57, 240, 750, "#3c5636"),
            walker(800, 792, 1.4),
            *(
                circle(a * WIDTH, 810 + b * 80, 5, ("#f3e8d6", "#e7c84c")[n % 2], opacity=0.9)
                for n, (a, b) in enumerate(scatter(71, 60))
            ),
            birds(700, 560, "#4d5f5a", 0.9),
        ],
    )


def bakery() -> str:
    def house(x: float, y: float, wide: float, tall: float, wall: str, roof: str) -> str:
        return group(
            box(0, -tall, wide, tall, wall),
            path(f"M-24 {-tall} L{wide / 2:g} {-tall - wide * 0.42:g} L{wide + 24:g} {-tall}Z", roof),
            path(
                f"M-24 {-tall} L{wide / 2:g} {-tall - wide * 0.42:g} L{wide + 24:g} {-tall} l-6 -20 L{wide / 2:g} {-tall - wide * 0.42 - 26:g} L-18 {-tall - 20}Z",
                "#f4f6f3",
            ),
            box(wide * 0.2, -tall * 0.7, wide * 0.2, tall * 0.24, "#ffd98a", radius=3),
            box(wide * 0.6, -tall * 0.7, wide * 0.2, tall * 0.24, "#33424c", radius=3),
            move=(x, y),
        )

    snow = "".join(
        circle(a * WIDTH, b * HEIGHT, 2 + 3 * ((a * 5) % 1), "#ffffff", opacity=0.85) for a, b in scatter(12, 190)
    )
    stripes = "".join(
        path(f"M{x} 560 h40 l-6 62 q-14 14 -28 0Z", "#b8442f" if n % 2 else "#f6efe0")
        for n, x in enumerate(range(640, 1000, 40))
    )
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#3c5273", "#8f9cb0", "#e8c3a0"),
            ranges("#5f7186", "#b6bfcc", (380, 190, 0.9), (470, 150, 4.2)),
            path(
                "M360 330 L430 240 L500 330 L460 320 L430 350 L400 318Z M1140 300 L1220 190 L1300 300 L1250 290 L1220 320 L1180 286Z",
                "#f4f6f3",
                opacity=0.9,
            ),
            path("M0 640 C300 580 1200 590 1600 640 V900 H0Z", "#dfe5e8"),
            house(120, 700, 210, 150, "#8a7a68", "#4b4a4a"),
            house(1260, 690, 230, 170, "#7c6d63", "#44464a"),
            group(
                box(0, -250, 90, 250, "#c9c3b4"),
                path("M-14 -250 L45 -400 L104 -250Z", "#3f4a50"),
                path("M20 -318 L45 -400 L70 -318Z", "#f4f6f3"),
                circle(45, -200, 20, "#f3e3b0"),
                line("M45 -200 V-214 M45 -200 H56", "#3f4a50", 4),
                move=(430, 690),
            ),
            box(600, 440, 440, 300, "#d9b98a"),
            path("M570 446 L820 290 L1070 446Z", "#5b4638"),
            path("M570 446 L820 290 L1070 446 L1056 416 L820 262 L584 416Z", "#f7f8f5"),
            box(930, 300, 40, 90, "#8a6a58"),
            *(
                circle(952 + 14 * n, 280 - 34 * n, 20 + 8 * n, "#e7e9ea", opacity=round(0.6 - 0.1 * n, 2))
                for n in range(5)
            ),
            box(660, 600, 190, 110, "#ffdf94", radius=4),
            *(ellipse(690 + n * 44, 696, 20, 12, "#b9783a") for n in range(4)),
            *(ellipse(704 + n * 44, 650, 18, 9, "#c98a48") for n in range(3)),
            line("M660 664 H850", "#8a5a34", 6),
            box(890, 600, 90, 140, "#6d3a2a", radius=4),
            box(908, 618, 54, 54, "#ffdf94", radius=3),
            stripes,
            box(700, 478, 240, 52, "#5b3d2b", radius=8),
            path("M780 512 q-20 -26 12 -26 q10 -10 28 0 q18 -10 28 0 q32 0 12 26Z", "#e7b85c"),
            path("M0 740 C400 716 1200 716 1600 744 V900 H0Z", "#f1f4f4"),
            path("M650 742 H860 L930 900 H560Z", "#ffe7a8", opacity=0.5),
            line("M0 830 C400 800 700 830 1000 800 S1400 770 1600 790", "#c3ced4", 26),
            walker(1110, 800, 1.3),
            walker(1180, 806, 1.25, "#d39a3a"),
            walker(1040, 796, 1.25, "#48677d"),
            snow,
        ],
    )


def island() -> str:
    land = "M380 690 C470 610 640 580 800 590 C960 560 1120 600 1240 690 C1000 730 600 730 380 690Z"
    return document(
        WIDTH,
        HEIGHT,
        [
            sky("#4a4a78", "#a98bab", "#f0bd9b"),
            circle(1180, 500, 50, "#fde0b4"),
            circle(1180, 500, 120, "#fde0b4", opacity=0.25),
            *(circle(a * WIDTH, b * 280, 2 + a, "#f6efd8", opacity=0.75) for a, b in scatter(15, 60)),
            path(ridge(540, 34, 3.1), "#7d7396"),
            box(0, 556, WIDTH, 344, "#6c6d96"),
            path("M1120 556 H1240 L1310 900 H1050Z", "#fde0b4", opacity=0.3),
            *(
                line(f"M{a * WIDTH:.0f} {566 + b * 320:.0f} h{40 + 120 * b:.0f}", "#d8c3cf", 3, opacity=0.35)
                for a, b in scatter(9, 90)
            ),
            path("M360 700 C600 750 1020 750 1260 700 L1200 740 C1000 770 600 770 420 740Z", "#45486c", opacity=0.7),
            path(land, "#4f6a52"),
            path("M420 690 C560 640 700 660 820 640 C960 620 1080 650 1200 690 C1000 722 600 722 420 690Z", "#5f7d58"),
            group(
                path("M-110 0 L0 -120 L110 0Z", "#d39a3a"),
                path("M0 -120 L110 0 H50Z", "#b07c28"),
                path("M-26 0 L0 -70 L26 0Z", "#ffe9a8"),
                circle(58, -6, 9, "#fff3c4"),
                circle(58, -6, 46, "#ffe9a8", opacity=0.25),
                move=(760, 654),
            ),
            walker(900, 660, 0.75),
            *(
                group(
                    ellipse(0, -16, 26, 16, "#f1ece0"),
                    ellipse(24, -22, 9, 7, "#39413e"),
                    line("M-12 -4 V6 M12 -4 V6", "#39413e", 5),
                    move=(x, y),
                    scale=size,
                )
                for x, y, size in ((560, 668, 0.9), (620, 690, 1.0), (1060, 676, 0.8))
            ),
            box(1180, 690, 150, 12, "#5b4638"),
            *(line(f"M{1200 + n * 40} 700 V736", "#5b4638", 8) for n in range(4)),
            path("M1330 720 h120 q-12 34 -40 34 h-50 q-24 0 -30 -34Z", "#2f3d40"),
            line("M1390 720 V640", "#2f3d40", 5),
            path("M150 790 q60 -30 96 4 q24 -20 34 8 q-60 26 -130 -12Z", "#4c4a5c"),
            circle(170, 786, 3, "#f6efd8"),
            birds(520, 380, "#3a3a5c", 1.1),
            path("M0 900 V860 C200 830 360 870 520 900Z", "#3f4a44"),
        ],
    )


LANDSCAPES: dict[str, Callable[[], str]] = {
    "home": home,
    "a-day-that-only-rained": rain,
    "how-to-wash-a-rain-jacket": washing,
    "the-bothy-rules": bothy,
    "lacing-for-the-way-down": descent,
    "what-a-week-weighs": weight,
    "first-light-on-the-shore": dawn,
    "the-last-train-but-one": viaduct,
    "wax-and-patience": waxing,
    "a-darn-is-not-a-defeat": darning,
    "what-the-clouds-are-saying": clouds,
    "the-bakery-at-the-end-of-the-line": bakery,
    "an-island-for-one-night": island,
}
"""Picture → how it is drawn; the names of articles are their slugs."""
