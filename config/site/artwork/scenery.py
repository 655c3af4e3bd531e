"""What scenes are made of: sky and hills, trees, grass and birds, and whoever walks there; a scene is 1600 by 900."""

import math
from collections.abc import Iterator

from config.site.artwork.drawing import box, circle, darker, gradient, group, line, mixed, path

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
