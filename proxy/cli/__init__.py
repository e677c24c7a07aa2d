"""`equicache VERB`: one thin file per verb."""
