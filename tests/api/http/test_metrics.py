from api.http.metrics import Metrics


def test_answers_are_counted_by_method_route_and_status_for_each_server_apart() -> None:
    one, other = Metrics(), Metrics()
    for status in (200, 200, 404):
        one.observe("GET", "/v1/artifacts/{artifact}", status, 0.02)
    text = one.text().decode()
    route = 'route="/v1/artifacts/{artifact}"'
    assert f'matchgraph_requests_total{{method="GET",{route},status="200"}} 2.0' in text
    assert f'matchgraph_requests_total{{method="GET",{route},status="404"}} 1.0' in text
    assert f'matchgraph_request_seconds_bucket{{le="0.01",{route}}} 0.0' in text
    assert f'matchgraph_request_seconds_bucket{{le="0.025",{route}}} 3.0' in text
    assert route not in other.text().decode()
