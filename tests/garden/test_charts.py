"""Charts: widths are shares of the largest value, or of 100 % where shares reach far."""

from garden.charts import HEIGHT, Chart, Series


def widths(chart: Chart) -> list[list[tuple[float, float]]]:
    return [[(mark.x, mark.width) for mark in row.marks] for row in chart.rows]


def test_it_draws_bars_in_shares_of_the_largest() -> None:
    chart = Chart(["a", "b"], [Series("one", [5, 10]), Series("two", [0, None], tone="1")])
    assert widths(chart) == [[(0, 50), (0, 0)], [(0, 100), (0, 0)]]
    assert [row.text for row in chart.rows] == ["5 · 0", "10 · –"]
    assert [row.lines for row in chart.rows] == [2, 2]


def test_it_stacks_series_in_one_bar() -> None:
    chart = Chart(["a"], [Series("one", [3]), Series("two", [1])], stacked=True)
    assert widths(chart) == [[(0, 75), (75, 25)]]


def test_it_gives_shares_all_of_the_width_where_they_reach_far() -> None:
    assert widths(Chart(["a"], [Series("one", [0.6])], percent=True)) == [[(0, 60)]]
    assert widths(Chart(["a"], [Series("one", [0.05])], percent=True)) == [[(0, 100)]]


def test_it_draws_nothing_where_there_is_nothing() -> None:
    assert widths(Chart(["a"], [Series("one", [None])])) == [[(0, 0)]]
    assert list(Chart([], [Series("one", [])]).rows) == []


def test_it_draws_intervals_within_the_picture() -> None:
    chart = Chart(["a"], [Series("one", [0.2], bounds=[(0.1, 0.4)])], percent=True)
    [mark] = next(chart.rows).marks
    assert (mark.low, mark.high, mark.width) == (25, 100, 50)


def test_it_draws_a_line_from_the_first_day_to_the_last_without_days_that_have_no_value() -> None:
    chart = Chart(["1", "2", "3"], [Series("one", [1, None, 2], bounds=[None, None, (1, 2)])], line=True)
    [(_, points, intervals)] = chart.lines
    assert points == f"0.00,{HEIGHT / 2:.2f} 100.00,0.00"
    assert [(mark.x, mark.low, mark.high) for mark in intervals] == [(100, HEIGHT / 2, 0)]
