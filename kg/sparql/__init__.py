"""Questions: the library of queries, their rows and formats, the sandbox for a query of one's own, SPARQL servers."""
