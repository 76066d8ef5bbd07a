# goldtune in an image: the server and what it runs on. Its Node is the image's own.
FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# An install script of a package would fetch a second Node, and no other package needs one.
RUN npm ci --omit=dev --ignore-scripts
COPY server server
COPY drizzle drizzle
# Nothing can be written there later; what it is made with is not needed any more.
RUN node server/build.ts && rm -rf node_modules/esbuild node_modules/@esbuild
RUN node server/production-modules.js && rm -rf node_modules/node

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data NODE_COMPILE_CACHE=/data/compile-cache MALLOC_ARENA_MAX=2
RUN mkdir /data && chown node:node /data
COPY --from=modules /app/node_modules node_modules
COPY --from=modules /app/dist dist
COPY package.json package.json
COPY server server
COPY drizzle drizzle
COPY examples/library examples/library
USER node
EXPOSE 8080
CMD ["node", "--max-semi-space-size=8", "server/main.ts"]
