"""What the proxy does on the wire, shown against the scripted upstream: direct beside proxied."""
