"""Where learning ends: no small change of the shared parameters does better."""

import numpy as np

from queries.evidence.click_models.learn import learn


def test_learning_ends_where_no_small_change_helps(effects):
    learnt = learn(effects, 200, 1e-12)
    best = learnt.log_evidence
    rng = np.random.default_rng(5)
    for _ in range(20):
        nearby = learnt.parameters + 0.3 * rng.standard_normal(len(learnt.parameters))
        assert effects.posterior(nearby).log_evidence.sum() < best + 1.5  # the pulls are worth little more
    assert learnt.converged
    assert np.all(np.linalg.eigvalsh(learnt.covariance) > 0)
