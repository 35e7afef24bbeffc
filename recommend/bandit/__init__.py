"""The slate bandit on numpy arrays: no Django, no I/O. Explained in docs/explanation/recommender.md.

Usage:

    model = SlateModel(width=34)                     # d features a picture; feature 0 is constant 1
    pool = Candidates(items, features)               # n ascending item numbers, n × d contiguous float32
    context = Context("calm", "adult", "Female")

    belief = model.belief(context, "visitor-id")     # small copy, ~0.1 ms; under the model's lock
    ranked = rank(pool, belief, model.effects, rng, policy=SlatePolicy(), count=24)   # needs no lock
    ranked.order, ranked.scores, ranked.propensities # indexes into the pool; exact propensities of the first slots

    model.learn(slate_impression(id, "visitor-id", context, items[k], features[k × d], liked[k]))

An **impression** is one slate: its pictures in order, and which of them were liked (none: "seen, none liked"). Learning
an impression again with the same `id` replaces it: with one more flag for a second like in the slate, one less for a
like taken back. `model.forget(visitor)` deletes a visitor's memory.

Item numbers are dense non-negative integers of the caller, never used for another item. A new picture starts from its
features and the prior; a withdrawn one is left out of the candidates.
`to_arrays(model)` / `from_arrays(arrays)` (snapshot.py) preserve the state bit for bit; learning the same impressions
in the same order from equal states gives equal bits on one machine with one number of BLAS threads.
"""
