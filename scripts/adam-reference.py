"""Prints the numbers that AdamTests compares with: AdamW (Loshchilov & Hutter 2019, algorithm 2) in double precision.

Needs numpy. Run: python3 scripts/adam-reference.py
"""

import numpy as np

rate, beta1, beta2, epsilon, decay = 0.1, 0.9, 0.98, 1e-6, 0.05
start = np.array([[0.5, -1.0], [2.0, 0.25]])
gradients = [
    np.array([[0.1, -0.2], [0.3, 0.0]]),
    np.array([[-0.4, 0.5], [0.05, 1.0]]),
    np.array([[0.2, 0.2], [-0.6, 2.0]]),
]

for name, applied in [("matrix, decayed", decay), ("vector, not decayed", 0.0)]:
    weights, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    print(name)
    for step, gradient in enumerate(gradients, start=1):
        first = beta1 * first + (1 - beta1) * gradient
        second = beta2 * second + (1 - beta2) * gradient**2
        mean = first / (1 - beta1**step)
        deviation = np.sqrt(second / (1 - beta2**step))
        weights = weights - rate * (mean / (deviation + epsilon) + applied * weights)
        print(f"  {step}", ", ".join(f"{value:.9f}" for value in weights.ravel()))
