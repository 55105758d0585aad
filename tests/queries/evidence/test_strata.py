"""Types of artifacts as strata."""

import numpy as np
import pyarrow as pa

from queries.evidence.strata import NO_TYPE, ONE_STRATUM, type_strata

ARTIFACTS = pa.table({"object_key": [30, 10, 20], "type": ["prompt", "model", None]})
NAMES = pa.table({"object_key": [10, 11, 20, 31, 99], "artifact_key": [10, 10, 20, 30, 99]})


def test_a_capability_has_the_stratum_of_its_artifact():
    strata = type_strata(NAMES, ARTIFACTS)
    model, prompt = 1, 2  # in alphabetical order
    found = strata.of(np.array([10, 11, 30, 31, 20, 99, 12345]))
    assert found.tolist() == [model, model, prompt, prompt, NO_TYPE, NO_TYPE, NO_TYPE]


def test_without_a_catalogue_there_is_one_stratum():
    assert ONE_STRATUM.of(np.array([1, 2])).tolist() == [NO_TYPE, NO_TYPE]
