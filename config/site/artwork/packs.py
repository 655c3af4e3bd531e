"""Five packs, seen from the front, each on a field of 800 by 900."""

from config.site.artwork.drawing import both_sides, box, circle, clipped, darker, ellipse, group, lighter, line, path


def daypack() -> str:
    rust, dark, hide = "#b4623a", "#33403b", "#a9764a"
    body = (
        "M238 420 C234 250 290 172 400 172 C510 172 566 250 562 420 C572 540 572 660 560 756 Q552 808 500 812 H300"
        " Q248 808 240 756 C228 660 228 540 238 420Z"
    )
    return group(
        both_sides(
            line("M262 330 C196 400 186 600 226 748", darker(dark, 0.1), 24),
            line("M262 330 C196 400 186 600 226 748", lighter(dark, 0.2), 3, dashes="8 8"),
        ),
        line("M356 178 C356 108 444 108 444 178", dark, 16),
        path(body, rust),
        clipped(
            "daypack-body",
            body,
            path("M220 180 H290 C262 300 262 600 290 830 H220Z", darker(rust), opacity=0.4),
            path("M580 180 H530 C548 300 548 600 530 830 H580Z", darker(rust), opacity=0.4),
            path("M220 740 H580 V830 H220Z", dark),
            path("M320 190 C290 260 290 340 300 420 C340 340 340 260 360 182Z", lighter(rust, 0.2), opacity=0.5),
        ),
        line("M258 420 C254 280 306 214 400 214 C494 214 546 280 542 420", darker(rust, 0.55), 10),
        line("M258 420 C254 280 306 214 400 214 C494 214 546 280 542 420", "#e2c79a", 2.5, dashes="5 6"),
        path("M534 404 l16 0 l-4 44 q-6 8 -10 0Z", hide),
        path(
            "M286 486 Q400 458 514 486 C520 570 520 640 512 706 Q400 726 288 706 C280 640 280 570 286 486Z",
            darker(rust, 0.14),
        ),
        line(
            "M286 486 Q400 458 514 486 C520 570 520 640 512 706 Q400 726 288 706 C280 640 280 570 286 486Z",
            darker(rust, 0.45),
            3,
            opacity=0.7,
        ),
        line("M296 520 Q400 492 504 520", darker(rust, 0.6), 9),
        line("M296 520 Q400 492 504 520", "#e2c79a", 2.5, dashes="5 6"),
        path("M488 516 l14 0 l-2 40 q-6 8 -10 0Z", hide),
        path("M362 330 h76 v56 q-38 18 -76 0Z", hide),
        line("M370 338 h60 v44 q-30 12 -60 0Z", lighter(hide, 0.4), 2, dashes="5 5"),
        line("M380 366 l12 -14 l10 12 l8 -8 l12 12", "#f3e8d6", 4),
        both_sides(box(246, 610, 40, 16, dark, radius=4)),
        line("M300 776 H500", lighter(dark, 0.3), 3, dashes="8 8"),
    )


def trekking() -> str:
    pine, dark, mat = "#3c6351", "#27332e", "#c98a3c"
    body = "M268 300 C262 420 258 600 272 768 Q276 800 310 804 H490 Q524 800 528 768 C542 600 538 420 532 300Z"
    pocket = "M276 470 C236 476 222 520 224 580 C224 660 232 720 250 752 L276 756Z"
    return group(
        both_sides(path("M262 690 C200 690 176 720 170 752 L184 778 C210 752 240 746 270 752Z", darker(dark, 0.1))),
        both_sides(
            path(pocket, darker(pine, 0.12)),
            line("M228 540 Q250 552 276 548", darker(pine, 0.5), 4, opacity=0.7),
            line("M240 490 V752", darker(pine, 0.3), 3, opacity=0.4),
        ),
        path("M212 388 q30 -20 46 0 l0 110 h-46Z", "#9db7bd"),
        box(216, 352, 38, 30, dark, radius=6),
        path(body, pine),
        clipped(
            "trekking-body",
            body,
            path("M250 280 H310 C290 420 290 640 310 830 H250Z", darker(pine), opacity=0.45),
            path("M550 280 H490 C510 420 510 640 490 830 H550Z", darker(pine), opacity=0.45),
            path("M250 660 H550 V830 H250Z", darker(pine, 0.2)),
            line("M250 660 Q400 684 550 660", lighter(pine, 0.25), 3, opacity=0.6),
        ),
        path(
            "M310 420 Q400 404 490 420 C496 500 494 580 486 640 Q400 654 314 640 C306 580 304 500 310 420Z",
            lighter(pine, 0.08),
        ),
        line(
            "M310 420 Q400 404 490 420 C496 500 494 580 486 640 Q400 654 314 640 C306 580 304 500 310 420Z",
            darker(pine, 0.45),
            3,
            opacity=0.8,
        ),
        line("M344 430 V630", darker(pine, 0.6), 8),
        line("M344 430 V630", "#e2c79a", 2.5, dashes="5 6"),
        both_sides(line("M282 400 L272 770", dark, 12)),
        line("M278 704 Q400 728 522 704", dark, 12),
        box(384, 706, 32, 26, "#11201b", radius=5),
        path(
            "M246 306 C240 236 262 186 308 176 Q400 158 492 176 C538 186 560 236 554 306 Q540 340 500 336 Q400 352 300 336 Q260 340 246 306Z",
            lighter(pine, 0.06),
        ),
        path(
            "M246 306 C240 280 242 256 248 240 Q400 276 552 240 C558 256 560 280 554 306 Q540 340 500 336 Q400 352 300 336 Q260 340 246 306Z",
            darker(pine, 0.16),
        ),
        line("M282 256 Q400 282 518 256", "#e2c79a", 3, dashes="6 6"),
        both_sides(line("M322 330 V402", dark, 12), box(309, 362, 26, 22, "#11201b", radius=4)),
        line("M360 172 C362 128 438 128 440 172", dark, 13),
        # The rolled mat beneath
        box(232, 796, 336, 58, mat, radius=29),
        ellipse(548, 825, 22, 29, lighter(mat, 0.25)),
        line("M548 808 a16 18 0 1 1 -8 30 a10 12 0 0 1 8 -18", darker(mat, 0.35), 3),
        line("M240 812 H520 M240 838 H520", darker(mat, 0.25), 3, opacity=0.5),
        both_sides(line("M318 792 V856", dark, 13)),
        box(420, 196, 58, 26, "#e8e0cf", radius=4),
        line("M430 212 l10 -9 l9 9 l10 -6", darker(pine, 0.2), 3),
    )


def dry() -> str:
    gorse, gray = "#e0b23a", "#5b666a"
    body = "M262 300 C252 440 250 620 262 770 Q268 806 310 810 H490 Q532 806 538 770 C550 620 548 440 538 300 Q400 326 262 300Z"
    return group(
        both_sides(line("M270 380 C204 440 196 640 240 764", darker(gray, 0.3), 22)),
        path(body, gorse),
        clipped(
            "dry-body",
            body,
            path("M240 660 H560 V830 H240Z", gray),
            line("M240 660 Q400 680 560 660", darker(gray, 0.3), 5),
            path("M240 290 H306 C288 440 288 640 306 830 H240Z", darker(gorse, 0.4), opacity=0.35),
            path("M560 290 H506 C520 440 520 640 506 830 H560Z", darker(gorse, 0.4), opacity=0.35),
            path("M336 320 C322 420 322 540 330 640 C362 560 366 420 366 320Z", lighter(gorse, 0.5), opacity=0.55),
        ),
        # The rolled top
        path(
            "M250 306 C238 268 244 236 262 224 Q400 248 538 224 C556 236 562 268 550 306 Q400 336 250 306Z",
            darker(gorse, 0.1),
        ),
        path(
            "M262 226 C250 200 258 176 274 172 Q400 194 526 172 C542 176 550 200 538 226 Q400 252 262 226Z",
            lighter(gorse, 0.12),
        ),
        line("M258 230 Q400 256 542 230 M254 270 Q400 298 546 270", darker(gorse, 0.45), 4, opacity=0.6),
        both_sides(line("M270 186 C226 150 300 96 372 108", darker(gray, 0.3), 16)),
        box(362, 92, 76, 34, darker(gray, 0.4), radius=8),
        box(388, 100, 24, 18, lighter(gray, 0.3), radius=3),
        both_sides(line("M262 470 L300 560 L262 650", darker(gray, 0.3), 5)),
        line("M300 560 H500", darker(gray, 0.3), 5),
        path("M318 400 h164 v96 h-164Z", darker(gorse, 0.12)),
        line("M318 400 h164 v96 h-164Z", darker(gorse, 0.5), 3, opacity=0.6),
        line("M326 412 H474", darker(gorse, 0.65), 8),
        circle(470, 412, 7, "#b8442f"),
        line("M346 610 l20 -22 l16 18 l14 -12 l20 20", darker(gray, 0.5), 6),
        line("M340 628 q40 12 84 0", darker(gray, 0.5), 5),
        both_sides(box(276, 700, 10, 60, "#e9ecec", radius=4)),
        line("M310 748 H490", lighter(gray, 0.3), 4, dashes="14 10"),
    )


def roll() -> str:
    heather, dark, net = "#7b6a93", "#332f3c", "#4a4257"
    body = "M276 292 C266 420 264 600 276 764 Q282 806 316 810 H484 Q518 806 524 764 C536 600 534 420 524 292 Q400 316 276 292Z"
    mesh = "".join(
        line(f"M{x} 500 l120 320 M{x} 500 l-120 320", lighter(net, 0.2), 2.5, opacity=0.5) for x in range(200, 640, 26)
    )
    pocket = "M300 512 Q400 488 500 512 L506 760 Q400 784 294 760Z"
    return group(
        both_sides(
            line("M280 360 C222 430 210 640 250 760", darker(dark, 0.1), 22),
            path("M278 560 C246 566 236 600 236 660 C236 710 244 744 262 764 L280 768Z", net),
            path("M232 470 q22 -16 40 0 l0 120 h-40Z", "#9db7bd"),
            box(238, 440, 28, 28, dark, radius=6),
        ),
        path(body, heather),
        clipped(
            "roll-body",
            body,
            path("M250 280 H316 C300 440 300 640 316 830 H250Z", darker(heather), opacity=0.4),
            path("M550 280 H484 C500 440 500 640 484 830 H550Z", darker(heather), opacity=0.4),
            path("M250 740 H550 V830 H250Z", dark),
        ),
        clipped("roll-net", pocket, path(pocket, net, opacity=0.85), mesh),
        line("M300 512 Q400 488 500 512", dark, 9),
        path(
            "M270 298 C260 262 262 236 276 222 Q400 244 524 222 C538 236 540 262 530 298 Q400 324 270 298Z",
            darker(heather, 0.12),
        ),
        path(
            "M276 224 C266 198 272 178 286 172 Q400 192 514 172 C528 178 534 198 524 224 Q400 248 276 224Z",
            lighter(heather, 0.12),
        ),
        line("M272 232 Q400 256 528 232 M268 266 Q400 290 532 266", darker(heather, 0.45), 4, opacity=0.6),
        line("M400 168 V470", dark, 14),
        box(382, 398, 36, 30, "#11201b", radius=5),
        line("M360 168 C362 120 438 120 440 168", dark, 13),
        both_sides(line("M280 430 L330 390 L280 350", dark, 5), line("M262 700 C226 706 206 730 196 764", dark, 18)),
        path("M340 340 h50 v40 h-50Z", "#e8e0cf"),
        line("M347 368 l10 -10 l9 9 l11 -8", darker(heather, 0.3), 3),
    )


def hip() -> str:
    sand, dark, hide = "#cbb083", "#3d4a45", "#8b4f2b"
    body = "M206 430 C206 380 240 356 290 352 H510 C560 356 594 380 594 430 C600 520 590 600 560 640 Q520 668 400 668 Q280 668 240 640 C210 600 200 520 206 430Z"
    return group(
        line("M214 460 C120 440 60 470 40 560 C30 640 120 700 240 640", dark, 30),
        line("M586 460 C680 440 740 470 760 560 C770 640 680 700 560 640", dark, 30),
        line("M214 460 C120 440 60 470 40 560", lighter(dark, 0.25), 3, dashes="8 8"),
        line("M586 460 C680 440 740 470 760 560", lighter(dark, 0.25), 3, dashes="8 8"),
        path(body, sand),
        clipped(
            "hip-body",
            body,
            path("M190 340 H262 C240 440 240 560 266 690 H190Z", darker(sand), opacity=0.35),
            path("M610 340 H538 C560 440 560 560 534 690 H610Z", darker(sand), opacity=0.35),
            path("M190 590 Q400 626 610 590 V690 H190Z", dark),
        ),
        line("M236 408 Q400 372 564 408", darker(sand, 0.6), 11),
        line("M236 408 Q400 372 564 408", "#f3e8d6", 2.5, dashes="5 6"),
        path("M544 396 l18 4 l2 50 q-10 10 -16 -2Z", hide),
        path(
            "M268 462 Q400 432 532 462 C536 510 532 550 522 578 Q400 604 278 578 C268 550 264 510 268 462Z",
            lighter(sand, 0.12),
        ),
        line(
            "M268 462 Q400 432 532 462 C536 510 532 550 522 578 Q400 604 278 578 C268 550 264 510 268 462Z",
            darker(sand, 0.45),
            3,
            opacity=0.7,
        ),
        path("M362 452 h76 v66 q-38 18 -76 0Z", hide),
        line("M370 460 h60 v52 q-30 12 -60 0Z", lighter(hide, 0.4), 2, dashes="5 5"),
        line("M378 498 l13 -15 l11 13 l9 -9 l12 13", "#f3e8d6", 4),
        both_sides(box(208, 476, 34, 44, "#11201b", radius=6)),
        move=(40, 130),
        scale=0.9,
    )
