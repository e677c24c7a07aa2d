# Two stages: packages are compiled where a compiler is, and only the environment travels on. The models are in it.
FROM python:3.13-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*
# hnswlib's -march=native would bind the image to the machine that built it; x86-64-v3 (AVX2) is every server since 2015.
ENV HNSWLIB_NO_NATIVE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.lock ./
RUN if [ "$(uname -m)" = x86_64 ]; then export CFLAGS=-march=x86-64-v3; fi; \
    python -m venv /opt/equicache && /opt/equicache/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY configs configs
COPY proxy proxy
COPY classifier_export classifier_export
RUN /opt/equicache/bin/pip install --no-deps . && /opt/equicache/bin/equicache config show >/dev/null

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home equicache
COPY --from=build /opt/equicache /opt/equicache
ENV PATH=/opt/equicache/bin:$PATH PYTHONUNBUFFERED=1 EQUICACHE_SERVER__HOST=0.0.0.0 EQUICACHE_SERVER__LOG=json
USER equicache
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/readyz' % os.environ.get('EQUICACHE_SERVER__PORT', 8080), timeout=2)"]
ENTRYPOINT ["equicache"]
CMD ["serve"]
