"""One prompt at a time: own templates, and the heads that judge cacheability, payload scopes and language."""
