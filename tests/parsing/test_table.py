"""The page on shapes says what the parsers do now."""

from tests.parsing.make_table import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.parsing.make_table"


def test_every_shape_on_the_page_is_read():
    assert "| no |" not in page()
