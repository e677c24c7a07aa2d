"""Makes the models that `proxy/models/` ships; the only room with torch. The serving image never imports it."""
