"""`./run pictures`: what people see, as pictures in docs/pictures/."""
