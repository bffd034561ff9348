# docker build --build-arg BASE=HOST/dotnet -t waypoint .     with the registry that has Microsoft's .NET images, or a mirror of it
ARG BASE
FROM ${BASE}/sdk:10.0 AS build
WORKDIR /source
COPY . .
# ReadyToRun: compiled ahead, so that a pod that starts need not compile what it runs once.
RUN dotnet publish src/Waypoint -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o /app --nologo

FROM ${BASE}/aspnet:10.0-noble-chiseled
# The root filesystem is read-only and has no /tmp; the diagnostics socket would need one.
ENV DOTNET_EnableDiagnostics=0
COPY --from=build /app /app
USER 1337:1337
WORKDIR /
EXPOSE 15008 15021
ENTRYPOINT ["/app/waypoint"]
