"""The words of the domain: validated plain data, passed between layers."""
