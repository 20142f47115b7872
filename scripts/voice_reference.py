"""Prints the expected values of VoiceDiscriminantTests: the discriminant in closed form, by NumPy.

Log posteriors with equal priors are linear in the input: W = C'^-1 M, b = -diag(M^T C'^-1 M)/2,
with C' = (1 - s) C + s diag C and C the covariance within labels (Hastie, Tibshirani and Friedman,
The Elements of Statistical Learning, section 4.3). scikit-learn's LinearDiscriminantAnalysis with
solver "lsqr" and the same covariance gives the same numbers, which is checked. With a label in two
manners, each manner has a mean, half way to the label's, and the label is as probable as both.

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

kinds = np.select([labels == 0, labels == 2], [0, 3], np.where(np.arange(60) % 2 == 0, 2, 1))
label_of = np.array([0, 1, 1, 2])
inputs[kinds == 2, 0] += 1.5
means[1] = inputs[labels == 1].mean(0)
own = np.stack([inputs[kinds == kind].mean(0) for kind in range(4)])
rest = inputs - own[kinds]
covariance = rest.T @ rest / len(rest)
shrunken = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.diag(np.diag(covariance))
centres = (own + means[label_of]) / 2
difference = inputs[:, None] - centres
scores = -0.5 * np.einsum("ijk,kl,ijl->ij", difference, np.linalg.inv(shrunken), difference)
density = np.exp(scores) * np.array([1, 0.5, 0.5, 1])
density /= density.sum(1, keepdims=True)
posterior = np.stack([density[:, label_of == label].sum(1) for label in range(3)], 1)
print("manners")
for row in (0, 1, 7, 25, 43):
    print(row, np.round(posterior[row], 6))
