"""Prints the expected values of VoiceDiscriminantTests: the discriminant in closed form, by NumPy.

Log posteriors with equal priors are linear in the input: W = C'^-1 M, b = -diag(M^T C'^-1 M)/2,
with C' = (1 - s) C + s diag C and C the covariance within labels (Hastie, Tibshirani and Friedman,
The Elements of Statistical Learning, section 4.3). scikit-learn's LinearDiscriminantAnalysis with
solver "lsqr" and the same covariance gives the same numbers, which is checked.

    pip install numpy scikit-learn; python3 scripts/voice_reference.py
"""

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

SHRINKAGE = 0.1
labels = np.arange(60) % 3
inputs = np.array(
    [[np.sin(1 + i * 7 + j * 3) + (0.8 if j == i % 3 else 0) for j in range(5)] for i in range(60)]
)
means = np.stack([inputs[labels == label].mean(0) for label in range(3)])
rest = inputs - means[labels]
covariance = rest.T @ rest / len(rest)
shrunken = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.diag(np.diag(covariance))


class Shrunken:
    """The covariance above, as scikit-learn asks for it class by class and weighs by priors."""

    def fit(self, x):
        c = np.cov(x.T, bias=True)
        self.covariance_ = (1 - SHRINKAGE) * c + SHRINKAGE * np.diag(np.diag(c))
        return self


witness = LinearDiscriminantAnalysis(
    solver="lsqr", covariance_estimator=Shrunken(), priors=[1 / 3] * 3
).fit(inputs, labels)
weights = np.linalg.solve(shrunken, means.T)
scores = inputs @ weights - 0.5 * (means.T * weights).sum(0)
posterior = np.exp(scores - scores.max(1, keepdims=True))
posterior /= posterior.sum(1, keepdims=True)
assert np.abs(posterior - witness.predict_proba(inputs)).max() < 1e-9
for row in (0, 1, 2, 17, 40):
    print(row, np.round(posterior[row], 6))
print("right", (posterior.argmax(1) == labels).sum(), "of", len(labels))
