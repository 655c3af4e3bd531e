"""Scenes for the magazine's articles on walks."""

from config.site.artwork.drawing import box, circle, clipped, document, ellipse, group, line, path
from config.site.artwork.scenery import HEIGHT, WIDTH, birds, grass, pine, ranges, scatter, sky, walker


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
