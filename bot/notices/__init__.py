"""Who is told of what: a use case's result, its view, and the outbox, for both doors."""
