import doctest
import re
from pathlib import Path

PAGE = Path(__file__).parents[4] / "docs" / "click-models.md"


def test_the_examples_of_the_documentation_run():
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    found = doctest.DocTestRunner().run(examples)
    assert found.attempted >= 9
    assert found.failed == 0
