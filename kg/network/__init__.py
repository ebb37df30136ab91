"""The graph for networkx: projection, paths, cut sets, similarity."""
