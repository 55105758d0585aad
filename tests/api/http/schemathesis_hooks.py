"""What schemathesis must be told: how a SPARQL query is sent."""

import schemathesis

schemathesis.serializer.alias("application/sparql-query", "text/plain")
