"""Scenes for the magazine's articles on know-how."""

from config.site.artwork.drawing import box, circle, clipped, document, ellipse, group, line, path
from config.site.artwork.packs import trekking
from config.site.artwork.scenery import HEIGHT, WIDTH, birds, grass, pine, ranges, scatter, sky, walker


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
