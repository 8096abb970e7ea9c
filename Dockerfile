# The image of Dryrun: built in one stage, run from another that has no build tools and no root.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/dryrun
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/run.txt requirements/run.txt
RUN python3 -m venv /srv/venv \
    && /srv/venv/bin/python3 -m pip install --no-deps --require-hashes --only-binary :all: -r requirements/run.txt
COPY app app
RUN /srv/venv/bin/python3 -m compileall -q app

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /srv/dryrun --shell /usr/sbin/nologin dryrun \
    && install -d -o dryrun -g dryrun -m 0700 /var/lib/dryrun
WORKDIR /srv/dryrun
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/dryrun/app app
COPY migrations migrations
COPY question_bank question_bank
COPY pyproject.toml LICENSE LICENSE-QUESTIONS ./
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DRYRUN_VAR=/var/lib/dryrun
USER 10001
VOLUME /var/lib/dryrun
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
# Needs DRYRUN_SECRET_KEY; with more than one server also DRYRUN_DATABASE_URL. See deploy/README.md.
CMD ["python3", "-m", "app.cli", "run", "--host", "0.0.0.0", "--port", "8000"]
