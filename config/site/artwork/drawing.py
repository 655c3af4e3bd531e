"""The strokes that all pictures share: shapes as SVG text, colors lighter and darker, the card beneath a product."""

from collections.abc import Iterable

INK = "#22302b"


def mixed(color: str, other: str, share: float) -> str:
    """A color with some of another in it.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[start : start + 2], 16) for start in (1, 3, 5))


def darker(color: str, share: float = 0.2) -> str:
    return mixed(color, "#10201c", share)


def lighter(color: str, share: float = 0.2) -> str:
    return mixed(color, "#fffaf0", share)


def path(d: str, fill: str, *, opacity: float = 1) -> str:
    faint = "" if opacity == 1 else f' opacity="{opacity}"'
    return f'<path d="{d}" fill="{fill}"{faint}/>'


def line(d: str, color: str, width: float = 3, *, opacity: float = 1, dashes: str = "") -> str:
    faint = "" if opacity == 1 else f' opacity="{opacity}"'
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{d}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linecap="round"'
        f' stroke-linejoin="round"{dashed}{faint}/>'
    )


def circle(x: float, y: float, radius: float, fill: str, *, opacity: float = 1) -> str:
    faint = "" if opacity == 1 else f' opacity="{opacity}"'
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"{faint}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, *, opacity: float = 1) -> str:
    faint = "" if opacity == 1 else f' opacity="{opacity}"'
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{faint}/>'


def box(x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0, opacity: float = 1) -> str:
    faint = "" if opacity == 1 else f' opacity="{opacity}"'
    rounded = f' rx="{radius:g}"' if radius else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{rounded} fill="{fill}"{faint}/>'


def group(*shapes: str, move: tuple[float, float] = (0, 0), scale: float = 1, turn: float = 0) -> str:
    steps = []
    if move != (0, 0):
        steps.append(f"translate({move[0]:g} {move[1]:g})")
    if turn:
        steps.append(f"rotate({turn:g})")
    if scale != 1:
        steps.append(f"scale({scale:g})")
    transform = f' transform="{" ".join(steps)}"' if steps else ""
    return f"<g{transform}>{''.join(shapes)}</g>"


def both_sides(*shapes: str, middle: float = 400) -> str:
    """The shapes and their mirror image."""
    half = "".join(shapes)
    mirrored = half.replace('clipPath id="', 'clipPath id="mirrored-').replace("url(#", "url(#mirrored-")
    return f'{half}<g transform="translate({2 * middle:g} 0) scale(-1 1)">{mirrored}</g>'


def clipped(name: str, outline: str, *shapes: str) -> str:
    """What of the shapes lies within an outline; the name must be the only one of its kind in the picture."""
    return f'<clipPath id="{name}"><path d="{outline}"/></clipPath><g clip-path="url(#{name})">{"".join(shapes)}</g>'


def gradient(name: str, *stops: tuple[float, str], across: bool = False) -> str:
    direction = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
    colors = "".join(f'<stop offset="{offset:g}" stop-color="{color}"/>' for offset, color in stops)
    return f'<linearGradient id="{name}" x1="0" y1="0" {direction}>{colors}</linearGradient>'


def document(width: int, height: int, shapes: Iterable[str]) -> str:
    body = "\n".join(shapes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">\n{body}\n</svg>\n'


def on_card(thing: str, ground: str) -> str:
    """A product, 800 by 900, before a plain wall with a hint of hills."""
    return document(
        800,
        900,
        [
            gradient("wall", (0, lighter(ground, 0.45)), (1, ground)),
            box(0, 0, 800, 900, "url(#wall)"),
            path("M0 640 C120 560 210 600 320 540 S560 500 640 560 740 590 800 550 V900 H0Z", darker(ground, 0.05)),
            path("M0 760 C160 700 300 760 460 720 S700 690 800 730 V900 H0Z", darker(ground, 0.1)),
            ellipse(400, 826, 230, 20, darker(ground, 0.5), opacity=0.22),
            thing,
        ],
    )


def shelf(things: list[str], ground: str) -> str:
    """Three products side by side, 960 by 720, for a category."""
    left, middle, right = things
    return document(
        960,
        720,
        [
            gradient("wall", (0, lighter(ground, 0.4)), (1, ground)),
            box(0, 0, 960, 720, "url(#wall)"),
            circle(690, 210, 120, lighter(ground, 0.6), opacity=0.7),
            path("M0 430 C150 330 260 390 400 320 S640 300 730 350 860 380 960 330 V720 H0Z", darker(ground, 0.07)),
            path("M0 560 C200 480 380 570 560 520 S840 490 960 530 V720 H0Z", darker(ground, 0.14)),
            ellipse(480, 668, 400, 18, darker(ground, 0.5), opacity=0.22),
            group(left, move=(-10, 128), scale=0.64),
            group(right, move=(458, 128), scale=0.64),
            group(middle, move=(176, 40), scale=0.75),
        ],
    )
