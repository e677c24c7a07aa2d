"""Reports of bad and good hits, and the labels they become."""
