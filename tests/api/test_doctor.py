from pathlib import Path
from shutil import copytree

import pytest

from api.doctor import Finding, diagnose, home_findings, installation_findings, name_findings
from graph.home import Home
from graph.snapshot import Snapshot
from ingest.load import ingest_paths
from queries.text.encoders.contract import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]


def test_this_installation_has_no_problem() -> None:
    assert [finding for finding in installation_findings() if finding.status == "problem"] == []


def test_another_distribution_with_a_package_of_our_name_is_a_problem() -> None:
    providers = {"queries": ["queries"], "graph": ["matchgraph"]}
    assert list(name_findings(providers, ROOT)) == [
        Finding(
            "package names",
            "problem",
            "queries also installs a package called 'queries'",
            "Install matchgraph in an environment of its own.",
        )
    ]


def test_a_package_imported_from_elsewhere_is_a_problem(tmp_path: Path) -> None:
    found = list(name_findings({}, tmp_path))
    assert [finding.status for finding in found] == ["problem"] * 4
    assert "'graph' is imported from" in found[0].text


def test_names_of_our_own_are_good() -> None:
    assert [finding.status for finding in name_findings({"graph": ["matchgraph"]}, ROOT)] == ["good"]


def test_an_empty_home_is_healthy_and_told_how_to_start(tmp_path: Path) -> None:
    (finding,) = home_findings(Home(tmp_path / "home"), {})
    assert finding.status == "note"
    assert "matchgraph ingest" in finding.remedy
    assert diagnose(Home(tmp_path / "home"), {}).healthy
    assert not (tmp_path / "home").exists()


@pytest.fixture
def own_home(demo_home: Home, tmp_path: Path) -> Home:
    """A copy of the demo's home that a test may damage."""
    copytree(demo_home.path, tmp_path / "home")
    return Home(tmp_path / "home")


def by_subject(home: Home) -> dict[str, Finding]:
    return {finding.subject: finding for finding in home_findings(home, {})}


def test_a_changed_file_of_the_snapshot_is_found(own_home: Home) -> None:
    path = Snapshot.open(own_home).path / "tables" / "ranks.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    found = by_subject(own_home)["snapshot"]
    assert found.status == "problem"
    assert "ranks.parquet" in found.text
    assert "matchgraph recompute" in found.remedy
    assert not diagnose(own_home, {}).healthy


def test_a_ledger_newer_than_the_snapshot_and_refused_rows_are_told(own_home: Home, tmp_path: Path) -> None:
    path = tmp_path / "more.jsonl"
    path.write_text('{"id": "one-more", "name": "One more", "type": "model"}\n{"id": 7,\n')
    report = ingest_paths(own_home, [path], format="artifacts", now_us=0)
    assert (report.accepted, report.quarantined) == (1, 1)
    found = by_subject(own_home)
    assert "new artifacts since" in found["freshness"].text
    assert "matchgraph recompute" in found["freshness"].remedy
    assert found["quarantine"].text == "1 row could not be read"
    assert diagnose(own_home, {}).healthy


def test_a_lost_key_of_the_pseudonyms_is_a_problem(own_home: Home) -> None:
    (own_home.path / "secret.key").unlink()
    found = by_subject(own_home)["home"]
    assert found.status == "problem"
    assert "restore it from a backup" in found.text


def test_what_people_wrote_after_the_snapshot_is_told(own_home: Home) -> None:
    assert [found.subject for found in home_findings(own_home, {}) if found.status != "good"] == []
    own_home.rank_weights_path.write_text("[types.model]\nhalf_life_days = 99\n")
    environment = {"MATCHGRAPH_K_ANONYMITY": "9"}
    told = [found for found in home_findings(own_home, environment) if found.status != "good"]
    assert [(found.subject, found.status) for found in told] == [("freshness", "note"), ("settings", "note")]
    assert "rank_weights.toml changed after" in told[0].text
    assert "k_anonymity 5, not 9" in told[1].text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rank_weights.toml", "weights = 1", "rank_weights.toml"),
        ("concept_review.csv", "a,b\n", "concept_review.csv needs the columns"),
        ("settings.toml", "port: 80", "settings.toml cannot be read"),
    ],
)
def test_a_file_of_the_home_that_cannot_be_read_is_a_problem(own_home: Home, name: str, text: str, said: str) -> None:
    (own_home.path / name).write_text(text)
    found = by_subject(own_home)["home"]
    assert found.status == "problem"
    assert said in found.text


def test_a_missing_encoder_is_a_problem(own_home: Home) -> None:
    manifest = Snapshot.open(own_home).path / "manifest.json"
    manifest.write_text(manifest.read_text().replace(BUILT_IN, "gone:encoder"))
    found = by_subject(own_home)["encoder"]
    assert (found.status, "no encoder 'gone:encoder'" in found.text) == ("problem", True)
