"""A patient's measurements, from a case of the graph or from any file."""
