"""The private services that tests run on: databases, Redis, workers, servers, browsers."""
