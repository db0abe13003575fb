"""The arithmetic against published examples, values computed by hand, and properties that must hold always."""

from math import inf, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.analytics import intervals
from huiyin.assessment import statistics as tried
from huiyin.assessment.statistics import Band, Share

# Newcombe 1998, Statistics in Medicine 17, 857–872, table I: the score method without continuity correction.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# Efron & Morris 1975, table 1: hits of eighteen batters in their first 45 at-bats, and the rest of the season.
HITS = (18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7)
SEASON = (0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256, 0.303, 0.264, 0.226,
          0.285, 0.316, 0.200)  # fmt: skip


@st.composite
def shares(draw, least: int = 1, most: int = 5000):
    n = draw(st.integers(least, most))
    return Share(draw(st.integers(0, n)), n)


# -- shares and intervals -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("good", "n", "low", "high"), NEWCOMBE)
def test_the_interval_is_the_published_one(good, n, low, high):
    found = intervals.wilson(good, n)
    assert found == pytest.approx((low, high), abs=5e-5)
    assert Share(good, n).interval == found, "one interval in the house"


def test_nothing_has_no_rate_and_no_interval():
    assert (Share(0, 0).rate, Share(0, 0).interval) == (None, None)
    with pytest.raises(ValueError, match="nothing"):
        intervals.wilson(0, 0)


@pytest.mark.parametrize(("good", "n"), [(3, 2), (-1, 5), (0, -1)])
def test_more_than_all_is_no_share(good, n):
    with pytest.raises(ValueError, match="no share"):
        Share(good, n)


@given(shares())
def test_an_interval_holds_its_share_and_mirrors(share):
    low, high = share.interval
    assert 0 <= low <= share.rate <= high <= 1
    mirrored = Share(share.n - share.good, share.n).interval
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(shares(most=500), st.integers(2, 20))
def test_more_cases_at_the_same_rate_make_it_narrower(share, times):
    low, high = share.interval
    more_low, more_high = Share(share.good * times, share.n * times).interval
    assert more_high - more_low < high - low


# -- satisfaction and the composite ---------------------------------------------------------------------------
def test_a_fairly_satisfied_one_counts_k():
    assert tried.satisfied(content=80, fairly=10, n=100, k=0.9).rate == pytest.approx(0.89)


def test_the_composite_is_the_weighted_mean_of_its_parts():
    parts = {"contacted": Share(98, 100), "solved": Share(80, 100), "satisfied": Share(89, 100)}
    found = tried.composite(parts, {"contacted": 10, "solved": 50, "satisfied": 40})
    assert (found.rate, found.n) == (pytest.approx(0.098 + 0.4 + 0.356), 100)


@pytest.mark.parametrize("weights", [{"a": 0, "b": 0}, {"a": -1, "b": 3}, {"a": 1, "b": 1}])
def test_a_composite_of_different_cases_or_without_weight_is_refused(weights):
    with pytest.raises(ValueError, match="composite"):
        tried.composite({"a": Share(1, 2), "b": Share(1, 3)}, weights)


@given(st.integers(1, 400), st.lists(st.floats(0, 1), min_size=2, max_size=4), st.data())
def test_a_composite_lies_between_its_parts(n, rates, data):
    names = [str(at) for at in range(len(rates))]
    weights = {name: data.draw(st.floats(0.01, 100)) for name in names}
    parts = {name: Share(rate * n, n) for name, rate in zip(names, rates, strict=True)}
    assert min(rates) - 1e-9 <= tried.composite(parts, weights).rate <= max(rates) + 1e-9


# -- shrinkage ------------------------------------------------------------------------------------------------
def test_drawn_together_the_batters_are_foretold_better_than_by_their_own_averages():
    """Efron and Morris tell of a total squared error of 0.077 by averages, and of 0.022 by their estimator."""
    batters = [Share(hits, 45) for hits in HITS]
    prior = tried.prior_of(batters)
    assert prior.mean == pytest.approx(0.265, abs=5e-4)
    plain = sum((each.rate - truth) ** 2 for each, truth in zip(batters, SEASON, strict=True))
    drawn = sum((tried.shrunk(each, prior) - truth) ** 2 for each, truth in zip(batters, SEASON, strict=True))
    assert plain == pytest.approx(0.077, abs=3e-3) and drawn == pytest.approx(0.022, abs=1e-3)


def test_the_strength_of_what_is_known_by_hand():
    """Two units of ten, 2 and 8 good: pq = 1/4, S = 1.8, so 1 / (m + 1) = (1.8 − 0.25) / (0.25 · 9) = 0.6889."""
    prior = tried.prior_of([Share(2, 10), Share(8, 10)])
    assert (prior.mean, prior.strength) == (0.5, pytest.approx(1 / 0.688888888 - 1))
    assert tried.shrunk(Share(8, 10), prior) == pytest.approx(
        (8 + 0.5 * prior.strength) / (10 + prior.strength)
    )


def test_units_that_differ_by_chance_alone_are_all_the_same():
    prior = tried.prior_of([Share(50, 100), Share(51, 100), Share(49, 100)])
    assert prior.strength == inf and tried.shrunk(Share(0, 3), prior) == prior.mean


def test_units_without_any_case_say_nothing():
    assert tried.prior_of([Share(2, 10), Share(0, 0), Share(8, 10)]) == tried.prior_of(
        [Share(2, 10), Share(8, 10)]
    )
    with pytest.raises(ValueError, match="no cases"):
        tried.prior_of([Share(0, 0)])


@given(st.lists(shares(), min_size=1, max_size=12))
def test_a_shrunk_share_lies_between_its_own_and_that_of_all(units):
    prior = tried.prior_of(units)
    for each in units:
        low, high = sorted((each.rate, prior.mean))
        assert low - 1e-9 <= tried.shrunk(each, prior) <= high + 1e-9


@given(shares(least=2, most=200), st.floats(0.05, 0.95), st.floats(0.5, 200))
def test_the_fewer_cases_the_nearer_to_all(share, mean, strength):
    prior = tried.Prior(mean, strength)
    more = Share(share.good * 3, share.n * 3)
    assert abs(tried.shrunk(share, prior) - mean) <= abs(tried.shrunk(more, prior) - mean) + 1e-12


# -- funnel and bands -----------------------------------------------------------------------------------------
def test_the_funnel_by_hand():
    limits = tried.funnel(0.8, 100)
    assert limits.usual == pytest.approx((0.8 - 1.959964 * 0.04, 0.8 + 1.959964 * 0.04), abs=1e-6)
    assert limits.strict == pytest.approx((0.8 - 3.090232 * 0.04, 0.8 + 3.090232 * 0.04), abs=1e-6)
    assert tried.funnel(0.99, 10).strict[1] == 1.0


@given(shares(least=30), st.floats(0.01, 0.99), st.floats(1, 5))
def test_a_band_is_what_the_funnel_says(share, centre, spread):
    limits, found = (
        tried.funnel(centre, share.n, spread=spread),
        tried.band(share, centre, fewest=30, spread=spread),
    )
    edges = (*limits.usual, *limits.strict)
    if any(isclose(share.rate, edge, abs_tol=1e-9) for edge in edges):
        return
    outside = {
        Band.CLEARLY_ABOVE: share.rate > limits.strict[1],
        Band.ABOVE: limits.usual[1] < share.rate <= limits.strict[1],
        Band.WITHIN: limits.usual[0] <= share.rate <= limits.usual[1],
        Band.BELOW: limits.strict[0] <= share.rate < limits.usual[0],
        Band.CLEARLY_BELOW: share.rate < limits.strict[0],
    }
    assert outside[found]


def test_a_unit_of_few_cases_is_not_compared_however_bad_it_looks():
    assert tried.band(Share(0, 29), 0.9, fewest=30) is Band.TOO_FEW
    assert tried.band(Share(0, 30), 0.9, fewest=30) is Band.CLEARLY_BELOW
    assert tried.band(Share(0, 0), 0.9, fewest=0) is Band.TOO_FEW


def test_the_same_rate_is_chance_for_a_small_unit_and_more_for_a_large_one():
    assert tried.band(Share(24, 30), 0.9, fewest=30) is Band.WITHIN
    assert tried.band(Share(240, 300), 0.9, fewest=30) is Band.CLEARLY_BELOW


def test_units_that_differ_more_than_chance_widen_the_funnel_and_two_bad_ones_do_not():
    calm = [Share(80 + shift, 100) for shift in (-4, -3, -2, -1, 0, 0, 1, 2, 3, 4)]
    assert tried.spread_of(calm, [0.8] * 10) == 1.0
    assert tried.spread_of([*calm[1:-1], Share(10, 100), Share(100, 100)], [0.8] * 10) == 1.0
    wild = [Share(good, 100) for good in (60, 65, 70, 75, 80, 85, 90, 95, 98, 99)]
    assert tried.spread_of(wild, [0.8] * 10) > 5
    assert tried.spread_of(wild[:9], [0.8] * 9) == 1.0, "of nine units a bad one would excuse itself"


# -- the mix of categories ------------------------------------------------------------------------------------
def test_a_unit_with_hard_matters_is_measured_by_what_all_reach_on_them():
    standard = {"easy": 0.9, "hard": 0.5}
    own = tried.expected({"easy": 10, "hard": 90}, standard)
    assert own == pytest.approx(0.54)
    assert tried.adjusted(Share(54, 100), own, 0.8) == pytest.approx(0.8)
    assert tried.band(Share(54, 100), own, fewest=30) is Band.WITHIN
    assert tried.band(Share(54, 100), 0.8, fewest=30) is Band.CLEARLY_BELOW, "which it would be unadjusted"


def test_without_cases_nothing_is_expected():
    assert tried.expected({}, {}) is None and tried.adjusted(Share(0, 0), 0.5, 0.5) is None
    assert tried.adjusted(Share(0, 5), 0.0, 0.5) is None


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(1, 300), st.floats(0, 1)), min_size=1)
)
def test_all_units_together_reach_what_is_expected_of_them(categories):
    sizes = {name: n for name, (n, _rate) in categories.items()}
    standard = {name: rate for name, (_n, rate) in categories.items()}
    n = sum(sizes.values())
    whole = Share(sum(sizes[name] * standard[name] for name in sizes), n)
    own = tried.expected(sizes, standard)
    assert own == pytest.approx(whole.rate)
    if own > 1e-9:
        assert tried.adjusted(whole, own, whole.rate) == pytest.approx(whole.rate)
