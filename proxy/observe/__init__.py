"""Listeners on `Outcome`: they read facts after the answer is on the wire."""
