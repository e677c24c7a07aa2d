"""One list of facts per port; each backend runs through the whole list."""
