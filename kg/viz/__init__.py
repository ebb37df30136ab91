"""Pictures: scenes, layout, the HTML page, SVG and PNG, graph files."""
