"""Scenes for the home page and the page that is not there, and all scenes by their names."""

from collections.abc import Callable

from config.site.artwork import care, know_how, places, walks
from config.site.artwork.drawing import box, circle, clipped, document, ellipse, group, line, mixed, path
from config.site.artwork.scenery import HEIGHT, WIDTH, birch, birds, grass, pine, ranges, scatter, sky, walker


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
    "a-day-that-only-rained": walks.rain,
    "how-to-wash-a-rain-jacket": care.washing,
    "the-bothy-rules": places.bothy,
    "lacing-for-the-way-down": know_how.descent,
    "what-a-week-weighs": know_how.weight,
    "first-light-on-the-shore": walks.dawn,
    "the-last-train-but-one": walks.viaduct,
    "wax-and-patience": care.waxing,
    "a-darn-is-not-a-defeat": care.darning,
    "what-the-clouds-are-saying": know_how.clouds,
    "the-bakery-at-the-end-of-the-line": places.bakery,
    "an-island-for-one-night": places.island,
}
"""Picture → how it is drawn; the names of articles are their slugs."""
