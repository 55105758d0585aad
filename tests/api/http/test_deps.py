"""What a caller may do, by the key that was shown."""

import pytest

from api.access.keys import ApiKey
from api.http.deps import Caller, require_scope
from api.http.problems import Problem

KEY = ApiKey("k1", "shop", ("read",), "0" * 64, 1)
NOBODY = Caller(None, "203.0.113.7", "client", bot=False)
SHOP = Caller(KEY, "203.0.113.7", "client", bot=False)


def test_the_address_of_a_key_is_not_that_of_who_asks_through_it() -> None:
    assert NOBODY.own_address == "203.0.113.7"
    assert SHOP.own_address == ""


def test_without_a_key_one_is_asked_for_and_a_key_without_the_scope_is_told_so() -> None:
    require_scope(SHOP, "read")
    with pytest.raises(Problem) as none:
        require_scope(NOBODY, "read")
    assert (none.value.code, none.value.headers) == ("key-needed", {"WWW-Authenticate": "Bearer"})
    with pytest.raises(Problem) as other:
        require_scope(SHOP, "feedback")
    assert other.value.code == "scope-missing"
