"""Curvature of a trained network: Hessian and Gauss-Newton matrix, never formed, only multiplied."""
