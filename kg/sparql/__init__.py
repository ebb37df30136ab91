"""Questions: the library of queries, their rows and formats, queries of one's own, SPARQL servers."""
