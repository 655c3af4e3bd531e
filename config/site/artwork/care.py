"""Scenes for the magazine's articles on the care of things."""

from config.site.artwork.boots import mid
from config.site.artwork.drawing import box, circle, clipped, darker, document, ellipse, gradient, group, line, path
from config.site.artwork.jackets import shell
from config.site.artwork.scenery import HEIGHT, WIDTH, birch, grass, ranges, scatter, sky


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
