# The demo project's image, for compose.yaml: built from this repository, published nowhere.
FROM python:3.13-slim
WORKDIR /srv/shop
ENV PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=config.settings.production STATIC_ROOT=/srv/shop/static
COPY . .
RUN pip install --no-cache-dir . "granian>=2.5" "whitenoise>=6.9"
# The key and the host are needed to read the settings, and stand in nothing that is built.
RUN SECRET_KEY=building ALLOWED_HOSTS=building ATTUNE_VAR=/tmp/building python manage.py collectstatic --no-input
RUN useradd --system shop
USER shop
