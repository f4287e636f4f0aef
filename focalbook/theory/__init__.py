"""Mathematics of focal loss on distributions: NumPy and SciPy, float64, vectorised."""
