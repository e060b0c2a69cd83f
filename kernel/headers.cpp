// Nothing but a source for the target that owns the precompiled header.
