# The server. Build: docker build -t chalk-talk .   How to run it: docs/deploy.md

FROM node:22-slim AS build
# What better-sqlite3 compiles with where no ready-built binding can be had.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY widget/package.json widget/
COPY server/package.json server/
RUN npm ci --no-audit --no-fund
COPY . .
# `optional` are here the frameworks that the element has types for.
RUN npm run build:server && npm prune --omit=dev --omit=optional --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:/data/chalk-talk.db
WORKDIR /app
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/server/package.json /build/server/LICENSE ./server/
COPY --from=build /build/server/dist ./server/dist
# `chalk-talk` by its name: for the server itself, and for `docker exec … chalk-talk sites list`.
RUN ln -s /app/server/dist/server/cli/main.js /usr/local/bin/chalk-talk \
  && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Signals go to the process itself; a second one ends it at once.
STOPSIGNAL SIGTERM
CMD ["chalk-talk", "serve"]
