"""Memory (tables, migrations) and vocabulary (schemas)."""
