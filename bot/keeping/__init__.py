"""What an operator does with the data as a whole, from a shell: a file for each command."""
