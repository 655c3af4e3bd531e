"""Scenes for the home page, the magazine's articles and the page that is not there, 1600 by 900."""

import math
from collections.abc import Callable, Iterator

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


LANDSCAPES: dict[str, Callable[[], str]] = {
    "home": home,
    "a-day-that-only-rained": rain,
    "how-to-wash-a-rain-jacket": washing,
    "the-bothy-rules": bothy,
    "lacing-for-the-way-down": descent,
    "what-a-week-weighs": weight,
    "first-light-on-the-shore": dawn,
}
"""Picture → how it is drawn; the names of articles are their slugs."""
