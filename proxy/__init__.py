"""equicache: answers OpenAI-compatible requests from memory when, and only when, that is safe."""

__version__ = "0.1.0"
