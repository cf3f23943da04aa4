# The whole of Countersign in one image: `serve` by default, `work`, `migrate` and the other commands by argument.
# It writes only below /var/lib/countersign and /tmp, so it runs with a read-only root. PostgreSQL is brought from outside.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# Optional packages are the PostgreSQL of `npm start` for each platform: 60 MB that no container needs.
RUN npm run build && npm prune --omit=dev --omit=optional

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIRECTORY=/var/lib/countersign
RUN install --directory --owner=node --group=node --mode=700 /var/lib/countersign
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
USER node
VOLUME /var/lib/countersign
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`, { signal: AbortSignal.timeout(2000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--min-semi-space-size=4", "--max-semi-space-size=4", "--enable-source-maps", "dist/main.js"]
CMD ["serve"]
