from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from graph.errors import DamagedHome
from queries.retrieval.calibration import (
    FEATURES,
    FILE,
    PRIOR,
    RIDGE,
    Calibrator,
    calibration_error,
    fit,
    read_calibrator,
    write_calibrator,
)

SIZE = len(FEATURES)


def noisy_sample(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    features = random.normal(size=(n, SIZE))
    chance = 1 / (1 + np.exp(-(2 * features[:, 0] - features[:, 2] - 1)))
    return features, random.random(n) < chance, chance


def test_the_fit_recovers_known_weights() -> None:
    features, right, _ = noisy_sample(20_000, 1)
    found = fit(features, right, method="judgments", searches=20_000)
    assert found.weights[0] == pytest.approx(2, abs=0.1)
    assert found.weights[2] == pytest.approx(-1, abs=0.1)
    assert found.bias == pytest.approx(-1, abs=0.1)


def test_equal_to_the_logistic_regression_of_scikit_learn() -> None:
    features, right, _ = noisy_sample(300, 4)
    features *= np.linspace(0.1, 10, SIZE)
    found = fit(features, right, method="log", searches=300)
    standardised = (features - features.mean(axis=0)) / features.std(axis=0)
    other = LogisticRegression(C=1 / RIDGE, tol=1e-8, max_iter=1_000).fit(standardised, right)
    assert found.confidence(features) == pytest.approx(other.predict_proba(standardised)[:, 1], abs=1e-4)


def test_stated_confidence_is_right_as_often_as_it_says() -> None:
    features, right, _ = noisy_sample(4_000, 2)
    found = fit(features, right, method="log", searches=4_000)
    fresh, labels, _ = noisy_sample(4_000, 3)
    assert calibration_error(found.confidence(fresh), labels) < 0.03


def test_separable_labels_and_constant_features_do_not_break_the_fit() -> None:
    features = np.zeros((50, SIZE))
    features[:, 0] = np.arange(50)
    found = fit(features, np.arange(50) >= 25, method="log", searches=50)
    confidence = found.confidence(features)
    assert np.all(np.diff(confidence) >= 0)
    assert confidence[0] < 0.1
    assert confidence[-1] > 0.9


def test_calibration_error_by_hand() -> None:
    assert calibration_error([0.5, 0.5], [True, False], bins=1) == 0
    assert calibration_error([0.9, 0.9, 0.2, 0.2], [True, True, True, False], bins=2) == pytest.approx(0.2)
    assert np.isnan(calibration_error([], []))


def test_written_and_read_again(tmp_path: Path) -> None:
    calibrator = Calibrator(tuple(map(float, range(SIZE))), -1.5, "log", 321, 0.02)
    write_calibrator(tmp_path, calibrator)
    assert read_calibrator(tmp_path) == calibrator


def test_without_a_file_the_prior_stands_in_and_says_so(tmp_path: Path) -> None:
    assert read_calibrator(tmp_path) is PRIOR
    assert PRIOR.method == "prior"
    assert PRIOR.searches == 0


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(DamagedHome, match="matchgraph recompute"):
        read_calibrator(tmp_path)
