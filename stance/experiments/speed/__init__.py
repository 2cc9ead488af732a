"""Speed: fit, load and predict timed against other libraries in one interleaved run."""
