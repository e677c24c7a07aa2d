"""The pure room: decides; never awaits, reads a clock, opens a socket or logs."""
