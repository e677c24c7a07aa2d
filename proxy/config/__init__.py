"""The room that reads the configuration: `load` makes a frozen `settings.Config`; nothing else looks at files."""
