"""Word patterns behind `core.lexicons`, `core.languages` and `core.payload`; data in code, no decisions."""
