// Nothing but a source for the target that owns the tests' precompiled header.
