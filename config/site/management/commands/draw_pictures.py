"""manage.py draw_pictures: write the site's SVG files from the code that draws them."""

from pathlib import Path

from django.core.management.base import BaseCommand

from config.site.artwork import pictures

FOLDER = Path(__file__).resolve().parents[2] / "static" / "site" / "pictures"


class Command(BaseCommand):
    help = "Write the site's pictures from the code that draws them."

    def handle(self, *args: object, **options: object) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        drawn = pictures()
        for name, picture in drawn.items():
            (FOLDER / f"{name}.svg").write_text(picture)
        self.stdout.write(f"{len(drawn)} pictures in {FOLDER}")
