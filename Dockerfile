# syntax=docker/dockerfile:1
# One image: the command chooses web or worker. It needs DATABASE_URL and ROUTING_SECRET_KEY; `migrate` also MIGRATIONS_DATABASE_URL.

# The pages' stylesheets and scripts, as `make assets` builds them. Node and npm stay in this stage.
FROM python:3.11-slim-bookworm AS assets
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /service
COPY requirements-build.lock ./
RUN python -m venv .venv-build \
    && .venv-build/bin/python -m pip install --require-hashes -r requirements-build.lock
COPY package.json package-lock.json .npmrc ./
RUN .venv-build/bin/npm ci --ignore-scripts --omit=dev
COPY assets assets
RUN .venv-build/bin/python -m assets

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /service
COPY requirements.lock ./
RUN python -m venv /service/.venv \
    && /service/.venv/bin/python -m pip install --require-hashes -r requirements.lock
COPY alembic.ini pyproject.toml ./
COPY migrations migrations
COPY openapi openapi
COPY app app
COPY --from=assets /service/app/pages/static/vendor app/pages/static/vendor
RUN /service/.venv/bin/python -m compileall -q app migrations

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="referral-routing" \
      org.opencontainers.image.description="Routes domestic-abuse referrals across MARAC, MATAC and MAPPA"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin service
WORKDIR /service
COPY --from=build /service /service
ENV PATH=/service/.venv/bin:$PATH PYTHONUNBUFFERED=1 ROUTING_ENVIRONMENT=production ROUTING_HOST=0.0.0.0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["serve"]
