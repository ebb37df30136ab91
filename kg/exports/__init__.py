"""The forms in which the graph leaves: a module each, whose ``files(graph)`` gives path in the release -> bytes."""
