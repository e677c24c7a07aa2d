# Two stages: packages are compiled where a compiler is, and only the environment travels on. The models are in it.
# `.ci/image_steps` runs these very steps in a debootstrap chroot where there is no container engine.
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ python3 python3-dev python3-venv
# hnswlib's -march=native would bind the image to the machine that built it; x86-64-v3 (AVX2) is any server since 2015.
ENV HNSWLIB_NO_NATIVE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.lock ./
RUN if [ "$(uname -m)" = x86_64 ]; then export CFLAGS=-march=x86-64-v3; fi; python3 -m venv /opt/equicache && /opt/equicache/bin/pip install -q --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY configs ./configs
COPY proxy ./proxy
COPY classifier_export ./classifier_export
RUN /opt/equicache/bin/pip install -q --no-deps . && /opt/equicache/bin/equicache config show

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home equicache
COPY --from=build /opt/equicache /opt/equicache
ENV PATH=/opt/equicache/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 EQUICACHE_SERVER__HOST=0.0.0.0 EQUICACHE_SERVER__LOG=json
USER equicache
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"
ENTRYPOINT ["equicache"]
CMD ["serve"]
