"""Prints what a warm page costs: `python -m wagtail_site FOLDER SEGMENTS ROUNDS`; SEGMENTS may be "none"."""

import io
import json
import statistics
import sys
import time
from pathlib import Path

import django
from django.conf import settings

FOLDER, SEGMENTS, ROUNDS = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
MIGRATIONS = f"migrations_{SEGMENTS}"
PERSONALISED = SEGMENTS != "none"
TEMPLATE = "<h1>{{ page.title }}</h1>{{ page.text }}"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def configure():
    """The settings of a new Wagtail site, with the app or without."""
    settings.configure(
        PERSONALISED=PERSONALISED,
        SECRET_KEY="only for a benchmark",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF="wagtail_site.urls",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": FOLDER / f"{SEGMENTS}.sqlite3",
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"},
            }
        },
        USE_TZ=True,
        STATIC_URL="/static/",
        WAGTAIL_SITE_NAME="Benchmark",
        WAGTAILADMIN_BASE_URL="http://testserver",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "wagtail_site",
            *(["wagtail_personalisation", "wagtailfontawesomesvg", "wagtail_modeladmin"] if PERSONALISED else []),
            *("wagtail.users", "wagtail.images", "wagtail.documents", "wagtail.admin", "wagtail.search", "wagtail"),
            *("modelcluster", "taggit", "django.contrib.auth", "django.contrib.contenttypes"),
            *("django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles"),
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                    "loaders": [("django.template.loaders.locmem.Loader", {"home.html": TEMPLATE})],
                },
            }
        ],
        MIGRATION_MODULES={"wagtail_site": MIGRATIONS},
    )
    (FOLDER / MIGRATIONS).mkdir()
    (FOLDER / MIGRATIONS / "__init__.py").touch()
    sys.path.insert(0, str(FOLDER))
    django.setup()


def fill():
    """One page; segments that look at the request; of the page a variant for the first of them."""
    from django.core.management import call_command
    from wagtail.models import Page, Site
    from wagtail_site.models import HomePage

    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", verbosity=0)
    Site.objects.all().delete()
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Benchmark", slug="benchmark", text="for all"))
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    if not PERSONALISED:
        return
    from wagtail_personalisation.models import Segment
    from wagtail_personalisation.rules import QueryRule

    segments = [Segment.objects.create(name=f"Segment {number}", persistent=True) for number in range(int(SEGMENTS))]
    for number, segment in enumerate(segments):
        QueryRule.objects.create(segment=segment, parameter="from", value=str(number % 5))
    variant = home.personalisation_metadata.copy_for_segment(segments[0])
    variant.text = "for some"
    variant.save_revision().publish()


def call(handler, cookies):
    """Answer one request: milliseconds, the answer, and the cookie that it sets."""
    answered = {}
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "from=0",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "HTTP_USER_AGENT": BROWSER,
        "HTTP_COOKIE": cookies,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    started = time.perf_counter_ns()
    response = handler(environ, lambda status, headers, error=None: answered.update(headers))
    content = b"".join(response)
    response.close()
    return (time.perf_counter_ns() - started) / 1e6, content, answered.get("Set-Cookie", "").partition(";")[0]


def run():
    """Measure one visitor's visits, and print the median and the queries of one."""
    configure()
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill()
    connection.settings_dict["CONN_MAX_AGE"] = None
    handler = WSGIHandler()
    _, content, cookies = call(handler, "")
    expected = b"for some" if PERSONALISED else b"for all"
    if expected not in content:
        raise SystemExit(f"The page shows something else: {content[:300]!r}")
    for _ in range(5):
        call(handler, cookies)
    with CaptureQueriesContext(connection) as queries:
        call(handler, cookies)
    count = len(queries)  # the next request forgets them
    times = [call(handler, cookies)[0] for _ in range(ROUNDS)]
    print(json.dumps({"ms": statistics.median(times), "queries": count}))


if __name__ == "__main__":
    run()
