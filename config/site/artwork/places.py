"""Scenes for the magazine's articles on places."""

from config.site.artwork.drawing import box, circle, clipped, document, ellipse, group, line, path
from config.site.artwork.scenery import HEIGHT, WIDTH, birds, grass, pine, ranges, ridge, scatter, sky, walker


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
