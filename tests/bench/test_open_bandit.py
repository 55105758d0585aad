import gzip

import numpy as np
import pytest

from bench.open_bandit import Impressions, false_victories, read_impressions


def test_reading_keeps_one_policy(tmp_path):
    text = "timestamp,policy,artifact_id,position,click,propensity\n" + "\n".join(
        ["t,random,b,2,0,0.5", "t,bts,a,1,1,0.1", "t,random,a,1,1,0.25"]
    )
    (tmp_path / "impressions.csv.gz").write_bytes(gzip.compress(text.encode()))
    shown = read_impressions(tmp_path, "random")
    assert shown.item.tolist() == [1, 0]
    assert shown.position.tolist() == [2, 1]
    assert shown.clicked.tolist() == [0, 1]
    assert shown.propensity.tolist() == [0.5, 0.25]


@pytest.mark.parametrize("model", ["pbm", "ips"])
def test_even_a_clear_winner_is_not_seen_once_clicks_are_shuffled(model):
    rng = np.random.default_rng(1)
    item, position = rng.integers(0, 8, 2_000), rng.integers(1, 4, 2_000)
    clicked = (rng.random(2_000) < np.where(item == 0, 0.3, 0.02)).astype(np.int64)
    found = false_victories(Impressions(item, position, clicked, np.full(2_000, 0.125)), model, 1, 20)
    assert found.pairs < 0.03
    assert found.any_pair <= 0.3
