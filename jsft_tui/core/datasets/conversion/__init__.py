"""Convert language data from the form that people have to the form that a training takes."""
