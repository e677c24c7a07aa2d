"""What a complete answer is, and how it is replayed: one adapter for each cached endpoint."""
