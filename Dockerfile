# Two images from one file:
#   docker build --target web --tag emotion-garden:web .                  web, beat, CPU workers; no torch
#   docker build --target gpu-worker --tag emotion-garden:gpu-worker .    workers that make pictures by diffusion
# Both run as an unprivileged user, on a read-only root: they write only to /data and /tmp.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm
ARG NODE_IMAGE=docker.io/library/node:20-bookworm-slim

# --- npm: fonts, charts, live framing, and the weights that the face networks are converted from ---
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --loglevel error

# --- Python packages, in one folder that the final image copies ------------------------------------
FROM ${PYTHON_IMAGE} AS python-packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements /requirements
# `aws` adds S3; add `telemetry` for traces: --build-arg EXTRAS="aws telemetry"
ARG EXTRAS="aws"
RUN python3 -m venv /venv \
 && /venv/bin/pip install --quiet --requirement /requirements/base.txt \
 && for extra in ${EXTRAS}; do /venv/bin/pip install --quiet --requirement "/requirements/${extra}.txt" || exit 1; done \
 && /venv/bin/pip check

# Packages that convert the face networks; not in the final image.
FROM python-packages AS tools
RUN /venv/bin/pip install --quiet --requirement /requirements/tools.txt

FROM python-packages AS diffusion-packages
# torch first and alone: no other package may replace its pinned build.
RUN /venv/bin/pip install --quiet --constraint /requirements/constraints.txt torch \
 && /venv/bin/pip install --quiet --requirement /requirements/generation.txt \
 && /venv/bin/pip check

# --- The application: translations compiled, networks converted, static files collected -------------
FROM tools AS garden
WORKDIR /app
COPY . .
COPY --from=packages /app/node_modules node_modules
ENV PATH=/venv/bin:$PATH DATA_DIR=/tmp/data STATIC_ROOT=/app/static FACE_MODELS=/app/models/face DOCS_ROOT=/app/docs-site
RUN for words in */locale/*/LC_MESSAGES/*.po; do \
      pybabel --quiet compile --input-file "$words" --output-file "${words%.po}.mo" || exit 1; \
    done \
 && python3 manage.py build_models --verbosity 0 \
 && python3 manage.py build_docs --verbosity 0 \
 && DJANGO_SETTINGS_MODULE=garden.settings.production ALLOWED_HOSTS=build.invalid \
    SECRET_KEY=only-for-this-step-0123456789-abcdefghijklmnopqrstuvwxyz \
    python3 manage.py collectstatic --noinput --verbosity 0 \
 && rm -rf node_modules tools docs docs-site-cache /tmp/data \
 && python3 -m compileall -q garden recommend generation curation manage.py

# --- Common base of both images ---------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS running
RUN groupadd --gid 10001 garden \
 && useradd --uid 10001 --gid garden --no-create-home --home-dir /tmp --shell /usr/sbin/nologin garden \
 && install --directory --owner garden --group garden --mode 0750 /data
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=garden.settings.production \
    DATA_DIR=/data STATIC_ROOT=/app/static FACE_MODELS=/app/models/face DOCS_ROOT=/app/docs-site \
    DRAIN_FILE=/tmp/draining ALIVE_FILE=/tmp/alive \
    HOME=/tmp
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM

FROM running AS gpu-worker
COPY --from=diffusion-packages /venv /venv
COPY --from=garden /app /app
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility HF_HOME=/data/huggingface
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=4 \
    CMD ["/bin/sh", "-c", "test -n \"$(find /tmp/alive -mmin -2)\""]
CMD ["celery", "--quiet", "-A", "garden.celery", "worker", "--pool", "solo", "--queues", "pictures.diffusers", \
     "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]

# Last, so that `docker build .` builds it.
FROM running AS web
COPY --from=python-packages /venv /venv
COPY --from=garden /app /app
ENV GRANIAN_INTERFACE=wsgi GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=32 \
    GRANIAN_RESPAWN_FAILED_WORKERS=true GRANIAN_WORKERS_KILL_TIMEOUT=30 GRANIAN_LOG_LEVEL=warning
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz/live', timeout=4)"]
CMD ["granian", "--no-ws", "garden.wsgi:application"]
