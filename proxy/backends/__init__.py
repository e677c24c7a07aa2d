"""The outside world: one class per file, each behind one Protocol of `proxy.ports`."""
