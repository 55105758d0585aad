# matchgraph as a service on the home in /data. See docs/operations.md, "In containers".
FROM python:3.11-slim AS build
WORKDIR /source
RUN python -m venv /opt/matchgraph
COPY requirements.lock .
RUN /opt/matchgraph/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/matchgraph/bin/pip install --no-cache-dir --no-build-isolation '.[neo4j]'

FROM python:3.11-slim
# A user of its own; a new volume gets the owner and the mode that /data has here.
RUN useradd --uid 10001 --no-create-home matchgraph && install -d -o matchgraph -g matchgraph -m 700 /data
COPY --from=build /opt/matchgraph /opt/matchgraph
ENV PATH=/opt/matchgraph/bin:$PATH MATCHGRAPH_HOME=/data MATCHGRAPH_HOST=0.0.0.0 MATCHGRAPH_PORT=8000
# The processes that search share the machine code that one of them compiles; all else is read-only.
ENV NUMBA_CACHE_DIR=/tmp/numba
USER 10001
VOLUME /data
EXPOSE 8000
# That the process answers; whether it has a snapshot to answer from, /readyz says.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
ENTRYPOINT ["matchgraph"]
CMD ["serve"]
