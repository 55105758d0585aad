from pathlib import Path

import msgspec
import numpy as np
import pytest
from scipy.optimize import minimize

from graph.errors import DamagedHome
from queries.retrieval.calibration import (
    BIAS_PRECISION,
    FEATURES,
    FILE,
    ODDS_PRECISION,
    OTHERS_PRECISION,
    PRIOR,
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


def test_it_is_the_weights_of_largest_posterior_probability() -> None:
    features, right, _ = noisy_sample(60, 4)
    features[:, 1:] *= np.linspace(0.2, 10, SIZE - 1)
    others = (features[:, 1:] - features[:, 1:].mean(axis=0)) / features[:, 1:].std(axis=0)

    def loss(weights: np.ndarray) -> float:
        logits = weights[0] + features[:, 0] * weights[1] + others @ weights[2:]
        likelihood = np.logaddexp(0, logits).sum() - logits[right].sum()
        prior = BIAS_PRECISION * weights[0] ** 2 + ODDS_PRECISION * (weights[1] - 1) ** 2
        return float(likelihood + (prior + OTHERS_PRECISION * (weights[2:] ** 2).sum()) / 2)

    best = minimize(loss, np.zeros(SIZE + 1), tol=1e-12).x
    logits = best[0] + features[:, 0] * best[1] + others @ best[2:]
    found = fit(features, right, method="log", searches=60)
    assert found.confidence(features) == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-4)


def test_a_hit_counted_twice_is_two_hits() -> None:
    features, right, _ = noisy_sample(80, 5)
    twice = fit(np.tile(features, (2, 1)), np.tile(right, 2), method="log", searches=80)
    counted = fit(features, right, np.full(80, 2.0), method="log", searches=80)
    assert counted.confidence(features) == pytest.approx(twice.confidence(features), abs=1e-5)


def test_few_searches_move_the_prior_odds_little_and_many_decide() -> None:
    features, right, chance = noisy_sample(4_000, 6)
    off = [
        float(np.abs(fit(features[:n], right[:n], method="log", searches=n).confidence(features) - chance).mean())
        for n in (5, 100, 4_000)
    ]
    prior = float(np.abs(PRIOR.confidence(features) - chance).mean())
    assert prior > off[0] > off[1] > off[2]
    assert off[2] < 0.03


def test_stated_confidence_is_right_as_often_as_it_says() -> None:
    features, right, _ = noisy_sample(4_000, 2)
    found = fit(features, right, method="log", searches=4_000)
    fresh, labels, _ = noisy_sample(4_000, 3)
    assert calibration_error(found.confidence(fresh), labels) < 0.03


def test_separable_labels_and_constant_features_do_not_break_the_fit() -> None:
    features = np.zeros((50, SIZE))
    features[:, 3] = np.arange(50)
    found = fit(features, np.arange(50) >= 25, method="log", searches=50)
    confidence = found.confidence(features)
    assert np.all(np.diff(confidence) >= 0)
    assert confidence[0] < 0.3
    assert confidence[-1] > 0.7


def test_calibration_error_by_hand() -> None:
    assert calibration_error([0.5, 0.5], [True, False], bins=1) == 0
    assert calibration_error([0.9, 0.9, 0.2, 0.2], [True, True, True, False], bins=2) == pytest.approx(0.2)
    assert np.isnan(calibration_error([], []))


def test_written_and_read_again(tmp_path: Path) -> None:
    calibrator = Calibrator(
        tuple(map(float, range(SIZE))), -1.5, "log", 321, 0.02, ((-2.5, 0.01), (0.5, 0.05)), {3: 1.5}, PRIOR
    )
    write_calibrator(tmp_path, calibrator)
    assert read_calibrator(tmp_path) == calibrator


def test_without_a_file_the_prior_stands_in_and_says_so(tmp_path: Path) -> None:
    assert read_calibrator(tmp_path) is PRIOR
    assert PRIOR.method == "prior"
    assert PRIOR.searches == 0


def test_what_an_older_version_fitted_to_other_features_is_not_used(tmp_path: Path) -> None:
    write_calibrator(tmp_path, Calibrator((0.5,) * (SIZE + 2), -1.5, "log", 321, 0.02))
    assert read_calibrator(tmp_path) is PRIOR


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(DamagedHome, match="matchgraph recompute"):
        read_calibrator(tmp_path)


def test_a_documents_own_record_counts_for_its_hits() -> None:
    calibrator = Calibrator((1.0, *[0.0] * (SIZE - 1)), 0.0, "log", 321, records={7: 2.0})
    found = calibrator.confidence(np.zeros((2, SIZE)), np.array([7, 8]))
    assert found == pytest.approx([1 / (1 + np.exp(-2)), 0.5])


def test_in_a_part_of_the_catalogue_a_log_makes_nothing_more_likely() -> None:
    calibrator = Calibrator((0.5, *[0.0] * (SIZE - 1)), 0.0, "log", 321)
    features = np.zeros((2, SIZE))
    features[:, 0] = [-2.0, 2.0]
    assert calibrator.confidence(features) == pytest.approx(1 / (1 + np.exp([1.0, -1.0])))
    assert calibrator.confidence(features, of_few=True) == pytest.approx(1 / (1 + np.exp([2.0, -1.0])))
    some = calibrator.confidence(features, of_few=np.array([True, False]))
    both = calibrator.confidence(features, of_few=True), calibrator.confidence(features)
    assert some.tolist() == [both[0][0], both[1][1]]


def test_what_was_judged_speaks_for_choices_among_candidates_and_makes_none_more_likely() -> None:
    among = Calibrator((1.0, *[0.0] * (SIZE - 1)), -1.0, "log", 30)
    calibrator = Calibrator((1.0, *[0.0] * (SIZE - 1)), 2.0, "log", 321, among=among)
    hit = np.zeros((1, SIZE))
    assert calibrator.confidence(hit, of_few=True, offered=True) == pytest.approx(1 / (1 + np.exp(1)))
    assert calibrator.confidence(hit, of_few=True) == pytest.approx(0.5)  # behind a filter
    sure = msgspec.structs.replace(calibrator, among=msgspec.structs.replace(among, bias=1.0))
    assert sure.confidence(hit, of_few=True, offered=True) == pytest.approx(0.5)
    assert sure.confidence(hit) == pytest.approx(1 / (1 + np.exp(-2)))
